// Background runs that are left or broken off, and resumed from their token.
import { Agent, type BackgroundRun, MemoryHistory } from '@turnstream/core';
import {
  background,
  missingFrame,
  mockModel,
  reply,
  resetAfter,
  serveModel,
  stallAfter,
  truncateAfter,
} from '@turnstream/testkit';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { clientOf, counted, letters, stored, textsOf, weatherSteps, wire } from './background-runs.ts';

/** Where streams break, at the earliest after the service has said the id, and where readers leave. */
const plans = fc.record({
  breaks: fc.array(fc.record({ frames: fc.integer({ min: 1, max: 13 }), isReset: fc.boolean() }), { maxLength: 3 }),
  leaves: fc.array(fc.integer({ min: 1, max: 6 }), { maxLength: 3 }),
});

/** Reads updates up to a number of them, and on to the end without one. True when they have ended. */
async function readOn(run: BackgroundRun, stop: number, seen: string[]): Promise<boolean> {
  let left = stop;
  try {
    for await (const { text } of run.updates()) {
      seen.push(text);
      left -= 1;
      if (left === 0) return false;
    }
    return true;
  } catch (error) {
    expect(error).toMatchObject({ code: 'stream_truncated' });
    return false;
  }
}

test('left after two texts and resumed in another process, a run is streamed from there: two requests, one turn', async () => {
  await using model = await serveModel(
    background(reply(letters, { id: 'resp_203' }), { streams: [stallAfter({ chunks: 2 })] }),
  );
  const history = new MemoryHistory();
  const agent = () => new Agent({ client: clientOf(model), history });
  const session = () => agent().createSession({ sessionId: 's1' });

  const run = await agent().runInBackground('List four letters.', { session: session(), stream: true });
  const first = await textsOf(run, 2);
  const token = stored(run);
  await model.requests[0]!.closed;
  const resumed = agent().resumeBackground(token, { session: session() });
  const rest = await textsOf(resumed);

  expect([first, rest]).toEqual([
    ['Alpha ', 'beta '],
    ['gamma ', 'delta.'],
  ]);
  expect(token).toMatchObject({ responseId: 'resp_203', sequenceNumber: 6 });
  expect(wire(model)).toEqual([
    'POST /v1/responses',
    'GET /v1/responses/resp_203?stream=true&starting_after=6',
    'GET /v1/responses/resp_203',
  ]);
  expect(model.requests[0]!.closedEarly).toBe(true);
  expect((await resumed.wait()).text).toBe('Alpha beta gamma delta.');
  expect(await history.load({ sessionId: 's1' })).toMatchObject({
    version: 1,
    messages: [{ contents: 'List four letters.' }, { contents: 'Alpha beta gamma delta.' }],
  });
});

test('broken or left anywhere and resumed by token, the texts join to the answer and the turn is stored once', async () => {
  await using model = await serveModel();
  const client = clientOf(model);
  await fc.assert(
    fc.asyncProperty(plans, async ({ breaks, leaves }) => {
      const streams = breaks.map(({ frames, isReset }) =>
        isReset ? resetAfter({ frames }) : truncateAfter({ frames }),
      );
      const history = new MemoryHistory();
      model.add(background(reply(letters), { looks: [], streams }));
      const agent = new Agent({ client, history });
      const session = () => agent.createSession({ sessionId: 's1' });
      let run = await agent.runInBackground('Go', { session: session(), stream: true });
      const seen: string[] = [];

      for (const stop of [...leaves, ...Array(breaks.length + 1).fill(Number.POSITIVE_INFINITY)]) {
        const hasEnded = await readOn(run, stop, seen);
        run = agent.resumeBackground(stored(run), { session: session() });
        if (hasEnded) break;
      }

      expect(seen.join('')).toBe('Alpha beta gamma delta.');
      expect((await run.wait()).text).toBe('Alpha beta gamma delta.');
      const { messages, version } = await history.load({ sessionId: 's1' });
      expect([version, messages.map(({ contents }) => contents)]).toEqual([1, ['Go', 'Alpha beta gamma delta.']]);
    }),
    { numRuns: 40 },
  );
});

test('an event that is lost on the way is made up for by the end, and its place is not passed before', async () => {
  using model = mockModel(background(reply(letters, { fault: missingFrame({ chunks: 2 }) })));
  const run = await new Agent({ client: clientOf(model) }).runInBackground('Go', { stream: true });
  const seen: unknown[] = [];

  for await (const { text } of run.updates()) if (text !== '') seen.push([text, run.sequenceNumber]);

  expect(seen).toEqual([
    ['Alpha ', 5],
    ['beta ', 6],
    ['gamma delta.', 12],
  ]);
});

test('a resumed stream with calls in it runs them once and continues to the answer', async () => {
  using model = mockModel(...weatherSteps());
  const { ran, getWeather } = counted();
  const agent = new Agent({ client: clientOf(model), tools: [getWeather] });
  const run = await agent.runInBackground('Weather?', { stream: true });
  for await (const { contents } of run.updates()) if (contents.length > 0) break;

  const resumed = agent.resumeBackground(stored(run));
  const updates = await Array.fromAsync(resumed.updates());

  expect(ran).toEqual(['Oslo']);
  expect(updates.flatMap(({ contents }) => contents.map(({ type }) => type))).toEqual([
    'function_call',
    'function_call',
    'function_result',
    'text',
  ]);
  const call = updates.flatMap(({ contents }) => contents).filter(({ type }) => type === 'function_call');
  expect(call).toMatchObject([{ arguments: '{"city":' }, { arguments: '"Oslo"}' }]);
  expect(model.requests.filter(({ method }) => method === 'POST')).toHaveLength(2);
  expect(wire(model).filter((line) => line.includes('stream=true'))).toEqual([
    'GET /v1/responses/resp_1?stream=true&starting_after=0',
  ]);
  expect((await resumed.wait()).text).toBe('Snow in Oslo.');
});

test('whatever has been seen of a run, its token leads on: also before the first word and after the last one', async () => {
  await using model = await serveModel(background(reply(letters)));
  const agent = new Agent({ client: clientOf(model) });
  const run = await agent.runInBackground('Go', { stream: true });
  const tokens = [stored(run)];

  for await (const _update of run.updates()) tokens.push(stored(run));
  tokens.push(stored(run));

  const numbers = tokens.map((token) => (token as { sequenceNumber: number | null }).sequenceNumber);
  expect(numbers).toEqual([null, 0, 5, 6, 7, 8, 12, 12]);
  for (const [seen, token] of tokens.entries()) {
    const rest = await textsOf(agent.resumeBackground(token));
    expect(rest).toEqual(letters.slice(Math.max(0, seen - 1)));
  }
});

test('a token holds no word of the answer, however much of it was delivered', async () => {
  using model = mockModel(background(reply(Array.from({ length: 200 }, () => 'words and words '))));
  const agent = new Agent({ client: clientOf(model) });
  const run = await agent.runInBackground('Go', { stream: true });

  await textsOf(run, 150);

  expect(JSON.stringify(run)).not.toContain('words');
  expect(JSON.stringify(run).length).toBeLessThan(400);
});
