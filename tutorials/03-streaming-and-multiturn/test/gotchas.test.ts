// What the article warns of, and where it is wrong, each as something that happens here.
import { Agent, type AgentOptions, AgentSession, MemoryHistory } from '@turnstream/core';
import { mockModel, reply, stallAfter } from '@turnstream/testkit';
import { expect, test } from 'vitest';
import { chat, streamAnswer } from '../chat.ts';
import { bothApis, chatAgent, pipeScreen } from './both-apis.ts';

test.each(bothApis)('a new session for each turn forgets the previous turn, over %s', async (_, clientFor) => {
  using model = mockModel(reply('A language.'), reply('What do you mean by it?'));
  const agent = chatAgent(clientFor(model.baseURL));

  for (const question of ['What is Python?', 'How old is it?']) {
    await streamAnswer(agent, question, agent.createSession(), { screen: pipeScreen() });
  }

  expect(model.requests.map((request) => request.texts)).toEqual([['What is Python?'], ['How old is it?']]);
});

test.each(bothApis)(
  'some updates carry no text, only usage or a finish reason, and the chat prints nothing for them, over %s',
  async (_, clientFor) => {
    const answer = reply(['A lang', 'uage.'], { usage: { inputTokens: 9, outputTokens: 3 } });
    using model = mockModel(answer, answer);
    const agent = chatAgent(clientFor(model.baseURL));
    const screen = pipeScreen();

    const updates = await Array.fromAsync(agent.runStreaming('What is Python?'));
    const chunks = await streamAnswer(agent, 'What is Python?', agent.createSession(), { screen });

    const empty = updates.filter((update) => update.text === '');
    expect(updates.flatMap((update) => (update.text === '' ? [] : [update.text]))).toEqual(['A lang', 'uage.']);
    expect(empty.map((update) => update.usage).find((usage) => usage !== null)).toMatchObject({ totalTokens: 12 });
    expect(empty.map((update) => update.finishReason)).toContain('stop');
    expect([chunks, screen.output.text]).toEqual([['A lang', 'uage.'], 'A language.\n']);
  },
);

test.each(bothApis)(
  'an answer has one newline, at its end, however many updates it came in, over %s',
  async (_, clientFor) => {
    using model = mockModel(reply(['Py', 'tho', 'n.']));
    const agent = chatAgent(clientFor(model.baseURL));
    const screen = pipeScreen();

    await streamAnswer(agent, 'Which?', agent.createSession(), { screen });

    expect(screen.output.text).toBe('Python.\n');
  },
);

test.each(bothApis)('a stream is cold: nothing is sent before the first pull, over %s', async (_, clientFor) => {
  using model = mockModel(reply('Here.'));
  const agent = chatAgent(clientFor(model.baseURL));

  const abandoned = agent.runStreaming('Never sent');
  const stream = agent.runStreaming('Sent by the first pull');
  const requestsBefore = model.requests.length;
  await stream.finalResponse();

  expect(requestsBefore).toBe(0);
  expect(model.requests.map((request) => request.texts)).toEqual([['Sent by the first pull']]);
  await abandoned.cancel();
});

test.each(bothApis)('leaving the loop closes the model connection at once, over %s', async (_, clientFor) => {
  using model = mockModel(reply(['One', 'two', 'three'], { fault: stallAfter({ chunks: 2 }) }));
  const agent = chatAgent(clientFor(model.baseURL));
  const session = agent.createSession();

  for await (const update of agent.runStreaming('Count', { session })) if (update.text === 'two') break;

  await model.requests[0]!.closed;
  expect(model.requests[0]).toMatchObject({ closedEarly: true, bytesAfterLeaving: 0 });
});

test.each(bothApis)('an answer that was stopped is not remembered, over %s', async (_, clientFor) => {
  using model = mockModel(reply(['One', 'two', 'three'], { fault: stallAfter({ chunks: 2 }) }), reply('Fresh.'));
  const agent = chatAgent(clientFor(model.baseURL));
  const session = agent.createSession();

  for await (const update of agent.runStreaming('Count', { session })) if (update.text === 'two') break;
  await agent.run('Next?', { session });

  expect(model.requests[1]!.texts).toEqual(['Next?']);
});

test('a session that only lives in memory ends with the process, and travels as JSON', async () => {
  using model = mockModel(reply('A language.'), reply('What is it?'), reply('1991'));
  const agent = chatAgent(bothApis[0]![1](model.baseURL));
  const session = agent.createSession();
  await agent.run('What is Python?', { session });

  // All that another process can know without the JSON is the id.
  await agent.run('How old is it?', { session: agent.createSession({ sessionId: session.sessionId }) });
  const reloaded = AgentSession.fromJSON(JSON.parse(JSON.stringify(session)));
  await agent.run('How old is it?', { session: reloaded });

  expect(model.requests.slice(1).map((request) => request.texts)).toEqual([
    ['How old is it?'],
    ['What is Python?', 'A language.', 'How old is it?'],
  ]);
});

test('on Responses the service can keep the conversation, and the second request carries its id and nothing else', async () => {
  using model = mockModel(reply('A language.', { id: 'resp_1' }), reply('1991', { id: 'resp_2' }));
  const client = bothApis[0]![1](model.baseURL);
  const agent = new Agent({ client, history: 'service' });
  const session = agent.createSession();

  await agent.run('What is Python?', { session });
  await agent.run('How old is it?', { session });

  expect(model.requests[1]!.texts).toEqual(['How old is it?']);
  expect(model.requests[1]!.body).toMatchObject({ previous_response_id: 'resp_1' });
  expect(session).toMatchObject({ serviceSessionId: 'resp_2', state: {} });
});

test('on Chat Completions the history is always ours: the service cannot keep it', () => {
  const client = bothApis[1]![1]('http://model.test/v1');

  expect(() => new Agent({ client, history: 'service' })).toThrow(expect.objectContaining({ code: 'config_invalid' }));
});

const inSession: Partial<AgentOptions> = {};
const inProvider: Partial<AgentOptions> = { history: new MemoryHistory() };
const atService: Partial<AgentOptions> = { history: 'service' };

test.each([
  ['in the session', 'at the service', inSession, atService],
  ['in the session', 'with a provider', inSession, inProvider],
  ['at the service', 'in the session', atService, inSession],
  ['at the service', 'with a provider', atService, inProvider],
])(
  'a session of one kind of history is refused by the other before anything is sent: begun %s, continued %s',
  async (_, __, first, second) => {
    using model = mockModel(reply('A language.'));
    const client = bothApis[0]![1](model.baseURL);
    const session = new AgentSession();
    await new Agent({ client, ...first }).run('What is Python?', { session });

    const mixed = new Agent({ client, ...second }).run('How old is it?', { session });

    await expect(mixed).rejects.toMatchObject({ code: 'history_mismatch' });
    expect(model.requests).toHaveLength(1);
  },
);

test('a session holds no instructions: new ones take effect at once, and another agent brings its own', async () => {
  using model = mockModel(reply('One.'), reply('Two.'), reply('Three.'));
  const client = bothApis[0]![1](model.baseURL);
  const agent = chatAgent(client);
  const session = agent.createSession();

  await agent.run('First', { session });
  agent.instructions = 'Answer in French.';
  await agent.run('Second', { session });
  await new Agent({ client, instructions: 'Answer in rhyme.' }).run('Third', { session });

  expect(model.requests.map((request) => request.instructions)).toEqual([
    'You are a concise assistant. Keep answers to one short paragraph.',
    'Answer in French.',
    'Answer in rhyme.',
  ]);
  expect(JSON.stringify(session)).not.toContain('concise');
  expect(model.requests[2]!.texts).toEqual(['First', 'One.', 'Second', 'Two.', 'Third']);
});

test('a session has an id from the start, and a state of its own', () => {
  const session = new AgentSession();

  expect(session.sessionId).toMatch(/^[0-9a-f-]{36}$/);
  expect(session.serviceSessionId).toBeNull();
  expect(session.state).toEqual({});
});

test('by default the messages are kept on our side, on Responses too: the request stores nothing', async () => {
  using model = mockModel(reply('A language.'), reply('1991'));
  const agent = chatAgent(bothApis[0]![1](model.baseURL));

  await chat(agent, ['What is Python?', 'How old is it?'], pipeScreen());

  expect(model.requests[1]!.body).toMatchObject({ store: false });
  expect(model.requests[1]!.body).not.toHaveProperty('previous_response_id');
});

test.each(bothApis)('a timer gives up on a silent model, not a check in the loop, over %s', async (_, clientFor) => {
  using model = mockModel(reply('Late.', { fault: stallAfter({ chunks: 0 }) }));
  const agent = chatAgent(clientFor(model.baseURL));

  const run = agent.runStreaming('Anyone there?', { limits: { firstUpdateMs: 20 } }).finalResponse();

  await expect(run).rejects.toMatchObject({ code: 'first_update_timeout' });
  await model.requests[0]!.closed;
  expect(model.requests[0]).toMatchObject({ closedEarly: true });
});

test.each(bothApis)(
  "stopping by signal ends the stream with the signal's own reason, over %s",
  async (_, clientFor) => {
    using model = mockModel(reply(['One', 'two'], { fault: stallAfter({ chunks: 1 }) }));
    const agent = chatAgent(clientFor(model.baseURL));
    const stop = new AbortController();
    const stream = agent.runStreaming('Count', { signal: stop.signal });
    const updates = stream[Symbol.asyncIterator]();
    while ((await updates.next()).value?.text !== 'One');

    const pending = updates.next();
    stop.abort(new Error('enough'));

    await expect(pending).rejects.toThrow('enough');
    await model.requests[0]!.closed;
    expect(model.requests[0]).toMatchObject({ closedEarly: true });
  },
);
