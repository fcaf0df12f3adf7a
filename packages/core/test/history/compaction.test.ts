// Ready strategies for what is sent of a long history.
import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import {
  Agent,
  AgentError,
  AgentSession,
  type Compact,
  compactInOrder,
  compactOnOverflow,
  dropToolResults,
  fitTokens,
  keepLastTurns,
  type Message,
  summarizeTurns,
  tool,
} from '../../src/index.ts';
import { callsOf, resultsOf } from '../../src/seams.ts';
import { call, finished, scriptedClient, sentTexts, wantsTools } from '../scripted-client.ts';

const context = { session: new AgentSession() };

function asked(question: string, answer: string): Message[] {
  return [
    { role: 'user', contents: question },
    { role: 'assistant', contents: answer },
  ];
}

/** A turn with a tool call. */
function lookedUp(callId: string, result: string): Message[] {
  return [
    { role: 'user', contents: `Where is ${callId}?` },
    { role: 'assistant', contents: [{ type: 'function_call', callId, name: 'look_up', arguments: '{}' }] },
    { role: 'tool', contents: [{ type: 'function_result', callId, result }] },
    { role: 'assistant', contents: 'There.' },
  ];
}

test('the last turns are kept whole', async () => {
  const messages = [...asked('1', 'one'), ...lookedUp('c1', 'shelf 4'), ...asked('3', 'three')];

  const left = await keepLastTurns(2)(messages, context);

  expect(left).toEqual(messages.slice(2));
});

test('a question of several messages is one turn with its answer', async () => {
  const question: Message[] = [
    { role: 'user', contents: 'My order is late.' },
    { role: 'user', contents: 'It is number 17.' },
  ];
  const messages = [...asked('1', 'one'), ...question, { role: 'assistant' as const, contents: 'Sorry.' }];

  const left = await keepLastTurns(1)(messages, context);

  expect(left).toEqual(messages.slice(2));
});

test.each([0, -1, 1.5, Number.NaN])('keepLastTurns(%s) throws config_invalid', (count) => {
  expect(() => keepLastTurns(count)).toThrowError(
    expect.objectContaining({
      code: 'config_invalid',
      message: `keepLastTurns() got ${count}; the count must be a whole number of at least 1.`,
    }),
  );
});

test('as many of the last turns are sent as fit the budget', async () => {
  const messages = [...asked('1', 'one'), ...asked('2', 'two'), ...asked('3', 'three')];

  const left = await fitTokens({ maxTokens: 4, countTokens: () => 1 })(messages, context);

  expect(left).toEqual(messages.slice(2));
});

test('the very last turn is sent even if it does not fit', async () => {
  const messages = [...asked('1', 'one'), ...asked('2', 'two')];

  const left = await fitTokens({ maxTokens: 1, countTokens: () => 5 })(messages, context);

  expect(left).toEqual(messages.slice(2));
});

test('an invalid budget is refused', () => {
  expect(() => fitTokens({ maxTokens: 0 })).toThrowError(
    expect.objectContaining({ code: 'config_invalid', message: 'maxTokens is 0; it must be at least 1.' }),
  );
});

test('old results of tools are left out, and their calls keep a result', async () => {
  const messages = [...lookedUp('c1', 'a very long list'), ...lookedUp('c2', 'shelf 4')];

  const left = await dropToolResults()(messages, context);

  expect(left.flatMap(resultsOf).map(({ result }) => result)).toEqual(['[The result is no longer shown.]', 'shelf 4']);
  expect(left.flatMap(callsOf)).toHaveLength(2);
});

test('no strategy separates a call from its result, whatever the history', async () => {
  const turn = fc.oneof(
    fc.string().map((text) => asked(text, text)),
    fc.uuid().map((id) => lookedUp(id, 'found')),
  );
  const strategies: readonly Compact[] = [
    keepLastTurns(2),
    fitTokens({ maxTokens: 20 }),
    dropToolResults(),
    compactInOrder(dropToolResults(), fitTokens({ maxTokens: 30 })),
    summarizeTurns({ summarize: async () => 'short', keepTurns: 1, batchTurns: 0 }),
  ];
  await fc.assert(
    fc.asyncProperty(fc.array(turn, { maxLength: 12 }), fc.constantFrom(...strategies), async (turns, compact) => {
      const left = await compact(turns.flat(), { session: new AgentSession() });

      const answered = new Set(left.flatMap(resultsOf).map(({ callId }) => callId));
      expect(left.flatMap(callsOf).filter(({ callId }) => !answered.has(callId))).toEqual([]);
      expect(answered.size).toBe(left.flatMap(callsOf).length);
    }),
  );
});

test('older turns are summarized once, in batches, and the summary travels with the session', async () => {
  const summarize = vi.fn<(messages: readonly Message[], earlier: string | null) => Promise<string>>();
  summarize.mockResolvedValueOnce('They asked 1 and 2.').mockResolvedValueOnce('They asked 1 to 4.');
  const compact = summarizeTurns({ summarize, keepTurns: 1, batchTurns: 1 });
  const turns = ['1', '2', '3', '4', '5'].map((each) => asked(each, each));
  const session = new AgentSession();

  const afterThree = await compact(turns.slice(0, 3).flat(), { session });
  const later = AgentSession.fromJSON(session.toJSON());
  const afterFour = await compact(turns.slice(0, 4).flat(), { session: later });
  const afterFive = await compact(turns.flat(), { session: later });

  const summary = (text: string) => ({ role: 'user', contents: `Summary of the conversation so far:\n${text}` });
  expect(afterThree).toEqual([summary('They asked 1 and 2.'), ...turns[2]!]);
  expect(afterFour).toEqual([summary('They asked 1 and 2.'), ...turns[2]!, ...turns[3]!]);
  expect(afterFive).toEqual([summary('They asked 1 to 4.'), ...turns[4]!]);
  expect(summarize.mock.calls).toEqual([
    [turns.slice(0, 2).flat(), null],
    [turns.slice(2, 4).flat(), 'They asked 1 and 2.'],
  ]);
});

test('a summary of turns that were taken back is dropped', async () => {
  const compact = summarizeTurns({ summarize: async () => 'They asked 1 and 2.', keepTurns: 1, batchTurns: 1 });
  const turns = ['1', '2', '3'].map((each) => asked(each, each));
  const session = new AgentSession();
  await compact(turns.flat(), { session });

  const left = await compact(turns.slice(0, 1).flat(), { session });

  expect(left).toEqual(turns[0]);
});

test('a history window sends what a strategy leaves, and stores everything', async () => {
  const client = scriptedClient(['one', finished], ['two', finished], ['three', finished]);
  const agent = new Agent({ client, history: { compact: keepLastTurns(1) } });
  const session = agent.createSession();

  for (const question of ['1', '2', '3']) await agent.run(question, { session });

  expect(sentTexts(client)[2]).toEqual(['2', 'two', '3']);
  expect(await agent.transcript(session)).toHaveLength(3);
});

test('a conversation that is too long is shortened and asked once more', async () => {
  const tooLong = new AgentError('context_length', 'too long');
  const client = scriptedClient(['one', finished], [tooLong], ['two', finished]);
  const agent = new Agent({ client, middleware: [compactOnOverflow(keepLastTurns(1))] });
  const session = agent.createSession();
  await agent.run('1', { session });

  const response = await agent.run('2', { session });

  expect(response.text).toBe('two');
  expect(sentTexts(client).slice(1)).toEqual([['1', 'one', '2'], ['2']]);
  expect(await agent.transcript(session)).toHaveLength(2);
});

test('a strategy that only shortens messages gets its retry too', async () => {
  const lookUp = tool({ name: 'look_up', description: 'Looks up.', execute: () => 'a very long list' });
  const client = scriptedClient(
    [call('c1', 'look_up', '{}'), wantsTools],
    ['There.', finished],
    [new AgentError('context_length', 'too long')],
    ['two', finished],
  );
  const agent = new Agent({ client, tools: [lookUp], middleware: [compactOnOverflow(dropToolResults())] });
  const session = agent.createSession();
  await agent.run('1', { session });

  const { text } = await agent.run('2', { session });

  const sent = client.requests.map(({ messages }) => messages.flatMap(resultsOf).map(({ result }) => result));
  expect(text).toBe('two');
  expect(sent.slice(2)).toEqual([['a very long list'], ['[The result is no longer shown.]']]);
});

test('a conversation that cannot be made shorter fails as it did', async () => {
  const client = scriptedClient([new AgentError('context_length', 'too long')]);
  const agent = new Agent({ client, middleware: [compactOnOverflow(keepLastTurns(1))] });

  await expect(agent.run('1')).rejects.toMatchObject({ code: 'context_length' });

  expect(client.requests).toHaveLength(1);
});
