// Context providers and instructions that depend on the run.
import { expect, test, vi } from 'vitest';
import { Agent, AgentError, approve, contextProvider, MemoryHistory, tool, toolResult } from '../../src/index.ts';
import { chatUpdate } from '../../src/seams.ts';
import { call, chatUpdateWithId, finished, scriptedClient, sentTexts, wantsTools } from '../scripted-client.ts';
import { guarded } from '../tools/guarded-tool.ts';

const note = (contents: string) => ({ role: 'user' as const, contents });

test('what a provider adds is sent with the run and never stored', async () => {
  const client = scriptedClient(['Hi Ann', finished], ['Bye', finished]);
  const stock = tool({ name: 'stock', description: 'Counts the stock.', execute: () => '3' });
  const profile = contextProvider({
    provide: ({ session }) => ({
      instructions: `The user is ${String(session?.state['user'])}.`,
      messages: [note('Ann likes tea.')],
      tools: [stock],
    }),
  });
  const agent = new Agent({ client, instructions: 'Be kind.', middleware: [profile] });
  const session = agent.createSession();
  session.state['user'] = 'Ann';

  await agent.run('Hello', { session });
  await agent.run('Bye', { session });

  expect(client.requests[0]).toMatchObject({ instructions: 'Be kind.\nThe user is Ann.', tools: [{ name: 'stock' }] });
  expect(sentTexts(client)[1]).toEqual(['Hello', 'Hi Ann', 'Ann likes tea.', 'Bye']);
  expect(JSON.stringify(await agent.transcript(session))).not.toContain('tea');
});

test('a provider learns from a whole answer, with its question', async () => {
  const learn = vi.fn<(run: { question: unknown }, response: { text: string }) => void>();
  const agent = new Agent({
    client: scriptedClient(['Noted', '.', finished]),
    middleware: [contextProvider({ learn })],
  });

  await agent.run('I like tea');

  const [run, response] = learn.mock.calls[0]!;
  expect([run.question, response.text]).toEqual([[note('I like tea')], 'Noted.']);
  expect(learn).toHaveBeenCalledTimes(1);
});

test('nothing is learned from an answer that broke off', async () => {
  const learn = vi.fn<() => void>();
  const client = scriptedClient(['Half', new AgentError('stream_truncated', 'cut')]);
  const agent = new Agent({ client, middleware: [contextProvider({ learn })] });

  await expect(agent.run('Go')).rejects.toMatchObject({ code: 'stream_truncated' });

  expect(learn).not.toHaveBeenCalled();
});

test.each(['length', 'content_filter'])(
  'nothing is learned from an answer that ended with %s',
  async (finishReason) => {
    const learn = vi.fn<() => void>();
    const client = scriptedClient(['Half', chatUpdate({ finishReason })]);

    const { status } = await new Agent({ client, middleware: [contextProvider({ learn })] }).run('Go');

    expect(status).toBe('incomplete');
    expect(learn).not.toHaveBeenCalled();
  },
);

test('a context provider may return null for what it does not add', async () => {
  const nothing = { instructions: null, messages: null, tools: null };
  const client = scriptedClient(['Hi', finished]);
  const agent = new Agent({ client, middleware: [contextProvider({ provide: () => nothing as never })] });

  const { text } = await agent.run('Hello');

  expect(text).toBe('Hi');
  expect(sentTexts(client)).toEqual([['Hello']]);
});

test('a provider that fails ends the run before anything is sent', async () => {
  const client = scriptedClient(['Hi', finished]);
  const failing = contextProvider({ provide: () => Promise.reject(new Error('search is down')) });

  await expect(new Agent({ client, middleware: [failing] }).run('Hello')).rejects.toThrow('search is down');

  expect(client.requests).toEqual([]);
});

test('instructions can be a function of the run, called for each', async () => {
  const client = scriptedClient(['Hallo', finished], ['Hello', finished]);
  const agent = new Agent({
    client,
    instructions: async ({ session }) => `Answer in ${String(session?.state['language'])}.`,
  });
  const session = agent.createSession();

  session.state['language'] = 'German';
  await agent.run('Hi', { session, instructions: 'Be brief.' });
  session.state['language'] = 'English';
  await agent.run('Hi', { session });

  expect(client.requests.map(({ instructions }) => instructions)).toEqual([
    'Answer in German.\nBe brief.',
    'Answer in English.',
  ]);
});

test('a function for instructions that returns no text is refused', async () => {
  const agent = new Agent({ client: scriptedClient(), instructions: (() => undefined) as unknown as () => string });

  await expect(agent.run('Hi')).rejects.toMatchObject({
    code: 'config_invalid',
    message: 'The function for instructions returned undefined; it must return text.',
  });
});

test('context does not come between a pending call and its result', async () => {
  const ask = tool({ name: 'ask', description: 'Asks the caller.' });
  const client = scriptedClient(
    [call('c1', 'remove', '{}'), wantsTools],
    [call('c2', 'ask', '{}'), wantsTools],
    ['Done.', finished],
  );
  const tea = contextProvider({ provide: () => ({ messages: [note('Ann likes tea.')] }) });
  const agent = new Agent({ client, tools: [guarded, ask], middleware: [tea] });
  const session = agent.createSession();
  const { approvals } = await agent.run('Clean up', { session });

  await agent.run(approvals.map(approve), { session });
  await agent.run(toolResult('c2', 'yes'), { session });

  const asked = (callId: string, name: string) => [{ type: 'function_call', callId, name, arguments: '{}' }];
  const result = (callId: string, text: string) => [{ type: 'function_result', callId, result: text }];
  const begun = ['Ann likes tea.', 'Clean up', asked('c1', 'remove'), result('c1', 'removed')];
  expect(sentTexts(client).slice(1)).toEqual([begun, [...begun, asked('c2', 'ask'), result('c2', 'yes')]]);
});

test('context comes first when the history holds calls and no question', async () => {
  const client = scriptedClient(['Done.', finished]);
  const calls = [{ type: 'function_call' as const, callId: 'c1', name: 'ask', arguments: '{}' }];
  const history = new MemoryHistory();
  await history.append({ sessionId: 's1' }, [{ role: 'assistant', contents: calls }], 0);
  const tea = contextProvider({ provide: () => ({ messages: [note('Ann likes tea.')] }) });
  const agent = new Agent({ client, history, middleware: [tea] });

  await agent.run(toolResult('c1', 'yes'), { session: agent.createSession({ sessionId: 's1' }) });

  expect(sentTexts(client)[0]?.[0]).toBe('Ann likes tea.');
});

test.each(['ours', 'service'] as const)(
  'context goes between the results and the new question of a run: history %s',
  async (keeper) => {
    const ask = tool({ name: 'ask', description: 'Asks the caller.' });
    const client = scriptedClient(
      [call('c1', 'ask', '{}'), chatUpdateWithId('resp_1', 'tool_calls')],
      ['Done.', chatUpdateWithId('resp_2')],
    );
    const tea = contextProvider({ provide: () => ({ messages: [note('Ann likes tea.')] }) });
    const history = keeper === 'ours' ? {} : { history: keeper };
    const agent = new Agent({ client, tools: [ask], middleware: [tea], ...history });
    const session = agent.createSession();
    await agent.run('Go', { session });

    await agent.run([toolResult('c1', 'yes'), { role: 'user', contents: 'And now?' }], { session });

    const result = [{ type: 'function_result', callId: 'c1', result: 'yes' }];
    expect(sentTexts(client)[1]?.slice(-3)).toEqual([result, 'Ann likes tea.', 'And now?']);
  },
);
