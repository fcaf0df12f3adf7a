// A run that continues from its token, here or in another process.
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Agent, AgentError, MemoryHistory } from '../../src/index.ts';
import { scriptedBackground } from '../scripted-background.ts';
import { call, finished, text, wantsTools } from '../scripted-client.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const report = [text('A long '), text('report.'), finished];

const emptyToken = {
  type: 'background_run',
  version: 1,
  runId: 'r',
  responseId: 'resp_1',
  sequenceNumber: null,
  question: [],
  rounds: [],
  usage: null,
  stream: false,
  sessionId: null,
  serviceSessionId: null,
};

const usage = (inputTokens: number) => ({ inputTokens, outputTokens: 1, totalTokens: 1 });

test('a token resumed in other processes delivers the turn once, however many resume it', async () => {
  const history = new MemoryHistory();
  const client = scriptedBackground({ looks: ['queued', 'completed'], answer: report });
  const agent = new Agent({ client, history });
  const run = await agent.runInBackground('Write', { session: agent.createSession({ sessionId: 's1' }) });
  const token = JSON.stringify(run);

  const responses = [];
  for (const _process of [1, 2, 3]) {
    const other = new Agent({ client, history });
    const session = other.createSession({ sessionId: 's1' });
    responses.push(await other.resumeBackground(JSON.parse(token), { session }).wait());
  }

  expect(responses.map((response) => response.text)).toEqual(Array(3).fill('A long report.'));
  expect((await history.load({ sessionId: 's1' })).messages.map((message) => message.contents)).toEqual([
    'Write',
    'A long report.',
  ]);
});

test('the token is small, and it does not grow with the answer', async () => {
  const client = scriptedBackground({
    looks: ['queued'],
    events: Array.from({ length: 500 }, () => text('words and words ')),
  });
  const run = await new Agent({ client }).runInBackground('Write', { stream: true });
  const before = JSON.stringify(run);

  for await (const _update of run.updates()) if (run.sequenceNumber === 499) break;
  const after = JSON.stringify(run);

  expect(after.length - before.length).toBeLessThanOrEqual(0);
  expect(JSON.parse(after)).toMatchObject({ version: 1, responseId: 'resp_1', sequenceNumber: 499 });
});

test('left at any point and resumed by token, the texts join to the answer: nothing twice, nothing missing', async () => {
  vi.useRealTimers();
  const words = Array.from({ length: 12 }, (_, index) => text(`w${index} `));
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 12 }), { maxLength: 4 }), async (stops) => {
      const history = new MemoryHistory();
      const client = scriptedBackground({ looks: ['queued', 'completed'], answer: [...words, finished] });
      const agent = new Agent({ client, history });
      const session = () => agent.createSession({ sessionId: 's1' });
      let run = await agent.runInBackground('Go', { session: session(), stream: true });
      let seen = '';

      for (const stop of stops) {
        let left = stop;
        for await (const update of run.updates()) {
          seen += update.text;
          left -= 1;
          if (left === 0) break;
        }
        run = agent.resumeBackground(JSON.parse(JSON.stringify(run)), { session: session() });
      }
      for await (const update of run.updates()) seen += update.text;

      expect(seen).toBe((await run.wait()).text);
      expect((await history.load({ sessionId: 's1' })).version).toBe(1);
    }),
  );
});

test('a stream that breaks off is resumed where it was', async () => {
  const cut = new AgentError('stream_truncated', 'cut');
  const events: (ReturnType<typeof text> | AgentError)[] = [text('A long '), cut];
  const client = scriptedBackground({ looks: ['queued', 'completed'], answer: report, events });
  const run = await new Agent({ client }).runInBackground('Write', { stream: true });
  const seen: string[] = [];
  const read = async (): Promise<void> => {
    for await (const update of run.updates()) seen.push(update.text);
  };

  await expect(read()).rejects.toBe(cut);
  events.splice(1, 1, text('report.'), finished);
  await read();

  expect(seen).toEqual(['A long ', 'report.', '']);
  expect(client.log).toEqual(['start resp_1', 'stream resp_1 after null', 'stream resp_1 after 0', 'get resp_1']);
});

test('a position inside the arguments of a call is not used to resume', async () => {
  const events = [text('Look: '), call('c1', 'give', '{"a":'), call('c1', '', '1}'), wantsTools];
  const client = scriptedBackground({ looks: ['queued'], events });
  const run = await new Agent({ client }).runInBackground('Go', { stream: true });
  const updates = run.updates();

  for (const _event of [1, 2, 3]) await updates.next();

  expect(run.sequenceNumber).toBe(0);
  await updates.return(undefined);
});

test.each([
  ['that is text', 'x', 'it is a string, not an object'],
  ['of another type', { ...emptyToken, type: 'job' }, '"type" is not one this library reads (background_run)'],
  ['of a newer version', { ...emptyToken, version: 2 }, '"version" is not one this library reads (1)'],
  ['without a response id', { ...emptyToken, responseId: undefined }, '"responseId" is missing'],
  ['with more than a token has', { ...emptyToken, admin: true }, 'it has the unknown member "admin"'],
  ['at a negative event', { ...emptyToken, sequenceNumber: -7 }, '"sequenceNumber" is a number, not a whole number'],
  ['with text for a question', { ...emptyToken, question: 'Go' }, '"question" is a string, not a list'],
  ['with a usage that counts nothing', { ...emptyToken, usage: {} }, '"usage.inputTokens" is missing'],
  [
    'with tokens below zero',
    { ...emptyToken, usage: usage(-1) },
    '"usage.inputTokens" is a number, not a whole number',
  ],
  ['with half a token of usage', { ...emptyToken, usage: usage(0.5) }, '"usage.inputTokens" is a number, not a whole'],
])('a token %s is refused', (_what, json, problem) => {
  const resume = (): unknown => new Agent({ client: scriptedBackground() }).resumeBackground(json);

  expect(resume).toThrow(problem);
  expect(resume).toThrow(expect.objectContaining({ code: 'token_invalid' }));
});

test('a token is resumed only with its own session', async () => {
  const client = scriptedBackground({ looks: ['queued'] });
  const agent = new Agent({ client });
  const run = await agent.runInBackground('Go', { session: agent.createSession({ sessionId: 's1' }) });
  const token: unknown = JSON.parse(JSON.stringify(run));

  const bare = (): unknown => agent.resumeBackground(token);
  const other = (): unknown => agent.resumeBackground(token, { session: agent.createSession({ sessionId: 's2' }) });

  expect(bare).toThrow('belongs to session s1, but none was given');
  expect(other).toThrow('belongs to session s1, but s2 was given');
});
