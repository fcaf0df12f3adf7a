// An agent as a tool of another.
import { expect, test } from 'vitest';
import { Agent, AgentSession, contentsOf, tool } from '../../src/index.ts';
import { chatUpdate } from '../../src/seams.ts';
import { call, finished, scriptedClient, sentTexts, silence, wantsTools } from '../scripted-client.ts';

const description = 'Knows the stock.';

const asks = (task: string, callId = 'c1') => call(callId, 'stock', JSON.stringify({ task }));

function resultsSent(client: ReturnType<typeof scriptedClient>, request = 1): unknown[] {
  return client.requests[request]!.messages.flatMap(({ role, contents }) =>
    role === 'tool' ? contentsOf({ role, contents }) : [],
  );
}

test('the model hands a task to another agent and reads its answer', async () => {
  const stockClient = scriptedClient(['Three left.', finished]);
  const stock = new Agent({ client: stockClient, name: 'stock', instructions: 'Count.' });
  const client = scriptedClient([asks('How many teapots?'), wantsTools], ['We have three.', finished]);
  const shop = new Agent({ client, tools: [stock.asTool({ description })] });

  const response = await shop.run('Are there teapots?');

  expect(response.text).toBe('We have three.');
  expect(stockClient.requests[0]).toMatchObject({
    instructions: 'Count.',
    messages: [{ contents: 'How many teapots?' }],
  });
  expect(resultsSent(client)).toMatchObject([{ result: 'Three left.' }]);
});

test('every task stands alone unless the tool has a memory', async () => {
  const stockClient = scriptedClient(['Three.', finished], ['Two.', finished]);
  const stock = new Agent({ client: stockClient, name: 'stock' });
  const client = scriptedClient(
    [asks('First'), wantsTools],
    ['A', finished],
    [asks('Second'), wantsTools],
    ['B', finished],
  );
  const shop = new Agent({ client, tools: [stock.asTool({ description })] });
  const session = shop.createSession();

  await shop.run('One', { session });
  await shop.run('Two', { session });

  expect(sentTexts(stockClient)).toEqual([['First'], ['Second']]);
});

test('with a memory the tasks of a session are one conversation, which is stored with the session', async () => {
  const stockClient = scriptedClient(['Three.', finished], ['Two.', finished]);
  const stock = new Agent({ client: stockClient, name: 'stock' });
  const client = scriptedClient(
    [asks('First'), wantsTools],
    ['A', finished],
    [asks('Second'), wantsTools],
    ['B', finished],
  );
  const shop = new Agent({ client, tools: [stock.asTool({ description, memory: 'session' })] });
  const session = shop.createSession();

  await shop.run('One', { session });
  await shop.run('Two', { session: AgentSession.fromJSON(JSON.parse(JSON.stringify(session))) });

  expect(sentTexts(stockClient)).toEqual([['First'], ['First', 'Three.', 'Second']]);
});

test('each agent has its own member of the state, so that concurrent turns with different agents can both be stored', async () => {
  const agentNamed = (name: string) => new Agent({ client: scriptedClient([name, finished]), name });
  const agents = [agentNamed('stock'), agentNamed('__proto__')];
  const calls = ['stock', '__proto__'].map((name) => call(name, name, JSON.stringify({ task: 'Count.' })));
  const client = scriptedClient([...calls, wantsTools], ['Counted.', finished]);
  const shop = new Agent({ client, tools: agents.map((agent) => agent.asTool({ description, memory: 'session' })) });
  const session = shop.createSession();

  await shop.run('How many?', { session });

  expect(Object.keys(session.state).filter((name) => name.startsWith('agentTools'))).toEqual([
    'agentTools.stock',
    'agentTools.__proto__',
  ]);
});

test('tasks of one batch take turns on their conversation', async () => {
  const stockClient = scriptedClient(['Three.', finished], ['Two.', finished]);
  const stock = new Agent({ client: stockClient, name: 'stock' });
  const client = scriptedClient([asks('First', 'c1'), asks('Second', 'c2'), wantsTools], ['Both.', finished]);
  const shop = new Agent({ client, tools: [stock.asTool({ description, memory: 'session' })] });

  await shop.run('Both?', { session: shop.createSession() });

  expect(sentTexts(stockClient)).toEqual([['First'], ['First', 'Three.', 'Second']]);
  expect(resultsSent(client)).toMatchObject([{ result: 'Three.' }, { result: 'Two.' }]);
});

test('stopping the caller stops the agent it called', async () => {
  const stockClient = scriptedClient(['Counting', silence]);
  const controller = new AbortController();
  const reason = new Error('stop');
  const begun = Promise.withResolvers<AbortSignal>();
  const stock = new Agent({
    client: { send: (request) => (begun.resolve(request.signal), stockClient.send(request)) },
    name: 'stock',
  });
  const client = scriptedClient([asks('How many?'), wantsTools]);
  const shop = new Agent({ client, tools: [stock.asTool({ description })] });

  const running = shop.run('Teapots?', { signal: controller.signal });
  const signal = await begun.promise;
  controller.abort(reason);

  await expect(running).rejects.toBe(reason);
  expect(signal.aborted).toBe(true);
});

test('an agent that would need consent says so to the model', async () => {
  const sell = tool({ name: 'sell', description: 'Sells.', approval: 'always', execute: () => 'sold' });
  const stock = new Agent({
    client: scriptedClient([call('s1', 'sell', '{}'), wantsTools]),
    name: 'stock',
    tools: [sell],
  });
  const client = scriptedClient([asks('Sell one'), wantsTools], ['I cannot.', finished]);

  await new Agent({ client, tools: [stock.asTool({ description })] }).run('Sell');

  expect(resultsSent(client)).toMatchObject([
    { result: "stock needs a person's consent to sell, which nobody can give here.", error: 'tool_failed' },
  ]);
});

test.each([
  ['alone', []],
  ['next to a call of its own tool', [call('s2', 'count', '{}')]],
])('an agent that needs a result from its caller %s says so to the model', async (_, more) => {
  const lookUp = tool({ name: 'look_up', description: 'Looks up.' });
  const count = tool({ name: 'count', description: 'Counts.', execute: () => 3 });
  const stock = new Agent({
    client: scriptedClient(['Wait.', call('s1', 'look_up', '{}'), ...more, wantsTools]),
    name: 'stock',
    tools: [lookUp, count],
  });
  const client = scriptedClient([asks('How many?'), wantsTools], ['I do not know.', finished]);

  await new Agent({ client, tools: [stock.asTool({ description })] }).run('Teapots?');

  expect(resultsSent(client)).toMatchObject([
    { result: 'stock needs the result of look_up, which nobody can give here.', error: 'tool_failed' },
  ]);
});

test.each([
  ['length', 'at its length limit'],
  ['content_filter', 'by a content filter'],
])('the model reads that the answer of an agent ended with %s', async (finishReason, how) => {
  const stock = new Agent({ client: scriptedClient(['Three tea', chatUpdate({ finishReason })]), name: 'stock' });
  const client = scriptedClient([asks('How many?'), wantsTools], ['About three.', finished]);

  await new Agent({ client, tools: [stock.asTool({ description })] }).run('Teapots?');

  expect(resultsSent(client)).toMatchObject([{ result: `Three tea\n[This answer was cut off ${how}.]` }]);
});

test('an agent without a name needs one for its tool', () => {
  const agent = new Agent({ client: scriptedClient() });

  expect(() => agent.asTool({ description })).toThrowError(expect.objectContaining({ code: 'config_invalid' }));
  expect(agent.asTool({ description, name: 'stock' }).name).toBe('stock');
});
