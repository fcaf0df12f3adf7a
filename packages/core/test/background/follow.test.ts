// A run that is followed: by its events while they come, by polls when they do not.
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import * as z from 'zod';
import { Agent, AgentError, type BackgroundRun, tool } from '../../src/index.ts';
import type { BackgroundEvent } from '../../src/seams.ts';
import { type ScriptedBackground, scriptedBackground } from '../scripted-background.ts';
import { call, finished, text, wantsTools } from '../scripted-client.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const words = [text('Look: '), text('a '), text('long '), text('report.'), finished];
const cut = new AgentError('stream_truncated', 'cut');
const give = tool({ name: 'give', description: 'Gives.', parameters: z.object({}), execute: () => 'here' });

/** Cuts the streams of each response, one after the other, after so many events; those that follow come whole. */
function cutting(client: ScriptedBackground, cuts: Readonly<Record<string, readonly number[]>>): ScriptedBackground {
  const left = new Map(Object.entries(cuts).map(([id, places]) => [id, [...places]]));
  const { stream } = client.background!;
  client.background!.stream = async function* cutOff(id, options): AsyncGenerator<BackgroundEvent> {
    let events = left.get(id)?.shift() ?? Number.POSITIVE_INFINITY;
    for await (const event of stream(id, options)) {
      if (events === 0) throw cut;
      events -= 1;
      yield event;
    }
  };
  return client;
}

const none = async (): Promise<void> => {};

async function started(client: ScriptedBackground, options = { stream: true }): Promise<BackgroundRun> {
  return new Agent({ client, tools: [give] }).runInBackground('Go', options);
}

const calls = [text('One moment. '), call('c1', 'give', '{"a'), call('c1', '', '":1}'), text(' Now. '), wantsTools];
const asks = { looks: ['queued', ...Array(9).fill('in_progress'), 'completed'] as const, answer: calls };

test('wherever its streams are cut, each update is delivered once, and the answer is whole', async () => {
  const place = fc.integer({ min: 1, max: 5 });
  // A call is read again from its beginning: a stream that is cut before it gets further than the last one is given up.
  const further = fc.integer({ min: 4, max: 5 });
  const cuts = fc.record({ resp_1: fc.tuple(place, further, further), resp_2: fc.array(place, { maxLength: 5 }) });
  const expected = [...calls.map(({ contents }) => contents), 'result', ...words.map(({ contents }) => contents)];

  await fc.assert(
    fc.asyncProperty(cuts, async (places) => {
      const run = await started(cutting(scriptedBackground(asks, { ...asks, answer: words }), places));
      const seen: unknown[] = [];

      const response = await run.follow({
        onUpdate: ({ role, contents }) => void seen.push(role === 'tool' ? 'result' : contents),
        news: none,
      });

      expect(seen).toEqual(expected);
      expect(response.text).toBe('One moment.  Now. Look: a long report.');
    }),
  );
});

test('a stream that is cut twice at the same place is replaced by polls, and nothing is delivered twice', async () => {
  const client = cutting(scriptedBackground(asks, { ...asks, answer: words }), { resp_1: [2, 1] });
  const run = await started(client);
  const seen: string[] = [];

  const response = await run.follow({
    onUpdate: ({ contents }) => void seen.push(contents[0]?.type ?? ''),
    news: none,
  });

  expect(seen.slice(0, 3)).toEqual(['text', 'function_call', 'function_result']);
  expect(response.text).toBe('One moment.  Now. Look: a long report.');
  expect(client.log.filter((line) => line.startsWith('stream resp_1'))).toEqual([
    'stream resp_1 after null',
    'stream resp_1 after 0',
  ]);
});

test('the next event is read when the callback is done with the one before', async () => {
  const run = await started(scriptedBackground({ looks: ['queued', 'completed'], answer: words }));
  const log: string[] = [];

  await run.follow({
    onUpdate: async (update) => {
      log.push(`begin ${update.text}`);
      await Promise.resolve();
      log.push(`end ${update.text}`);
    },
  });

  expect(log).toEqual(words.flatMap((update) => [`begin ${update.text}`, `end ${update.text}`]));
});

test('what a callback throws ends the following as it is, and closes the stream', async () => {
  const client = scriptedBackground({ looks: ['queued', 'completed'], answer: words });
  const run = await started(client);
  const full = new AgentError('stream_truncated', 'the disk is full');

  const following = run.follow({ onUpdate: () => Promise.reject(full) });

  await expect(following).rejects.toBe(full);
  expect(client.log).toEqual(['start resp_1', 'stream resp_1 after null']);
  expect(vi.getTimerCount()).toBe(0);
});

test('a run that the service does not stream is polled, and its next response is asked for a stream again', async () => {
  const refused = new AgentError('bad_request', 'no stream');
  const looks = ['queued', 'in_progress', 'in_progress', 'completed'] as const;
  const client = scriptedBackground(
    { looks, answer: [call('c1', 'give', '{}'), wantsTools], events: [refused] },
    { looks: ['completed'], answer: words },
  );
  const run = await started(client);
  const seen: string[] = [];

  await run.follow({ onUpdate: ({ text: said }) => void seen.push(said), news: none });

  expect(seen.join('')).toBe('Look: a long report.');
  expect(client.log).toEqual([
    'start resp_1',
    'stream resp_1 after null',
    ...Array(3).fill('get resp_1'),
    'start resp_2',
    'stream resp_2 after null',
  ]);
});

test('a run whose events are not kept is only polled', async () => {
  const client = scriptedBackground({ looks: ['queued', 'in_progress', 'completed'], answer: words });
  const run = await started(client, { stream: false });
  const onUpdate = vi.fn();

  await run.follow({ onUpdate, news: none });

  expect(onUpdate).not.toHaveBeenCalled();
  expect(client.log).toEqual(['start resp_1', 'get resp_1', 'get resp_1']);
});

test('a stream that falls silent for a minute is left for a poll and read on', async () => {
  const client = scriptedBackground({ looks: ['queued', 'in_progress', 'completed'], answer: words });
  const { stream } = client.background!;
  let streams = 0;
  client.background!.stream = async function* silent(id, options) {
    streams += 1;
    for await (const event of stream(id, options)) {
      if (streams === 1 && event.sequenceNumber === 2) await untilAborted(options.signal);
      yield event;
    }
  };
  const run = await started(client);
  const seen: string[] = [];

  const following = run.follow({ onUpdate: ({ text: said }) => void seen.push(said) });
  await vi.advanceTimersByTimeAsync(59_999);
  const before = [...client.log];
  await vi.advanceTimersByTimeAsync(1);
  await following;

  expect(before).toEqual(['start resp_1', 'stream resp_1 after null']);
  expect(client.log.slice(2)).toEqual(['get resp_1', 'stream resp_1 after 1', 'get resp_1']);
  expect(seen).toEqual(words.map((update) => update.text));
});

test('a callback that takes more than a minute is not a silence of the service', async () => {
  const client = scriptedBackground({ looks: ['queued', 'completed'], answer: words });
  const run = await started(client);
  const slow = async (): Promise<void> => new Promise((resolve) => void setTimeout(resolve, 90_000));

  const following = run.follow({ onUpdate: slow });
  await vi.advanceTimersByTimeAsync(words.length * 90_000);
  await following;

  expect(client.log).toEqual(['start resp_1', 'stream resp_1 after null', 'get resp_1']);
});

test('news come in place of the pauses, which are said to it and grow', async () => {
  const client = scriptedBackground({ looks: [...Array(5).fill('in_progress'), 'completed'], answer: words });
  const run = await started(client, { stream: false });
  vi.spyOn(Math, 'random').mockReturnValue(0);
  const pauses: number[] = [];
  const onPoll = vi.fn();

  await run.follow({ news: async (timeoutMs) => void pauses.push(timeoutMs), onPoll });

  expect(pauses).toEqual([1_000, 1_500, 2_250, 3_375]);
  expect(onPoll).toHaveBeenCalledTimes(4);
  vi.restoreAllMocks();
});

test('after each poll that finds the run open, its token is there to be stored, also between two responses', async () => {
  const looks = ['queued', 'completed'] as const;
  const client = scriptedBackground(
    { looks, answer: [call('c1', 'give', '{}'), wantsTools] },
    { looks: ['in_progress', 'completed'], answer: words },
  );
  const run = await started(client, { stream: false });
  const stored: unknown[] = [];

  await run.follow({ onPoll: () => void stored.push(run.toJSON().responseId), news: none });

  expect(stored).toEqual(['resp_2']);
});

test('a signal ends the following while the service is silent, with its reason, and leaves no timer', async () => {
  const client = scriptedBackground({ looks: ['queued'], answer: words });
  client.background!.stream = async function* silent(_id, { signal }) {
    await untilAborted(signal);
    yield* [];
  };
  const run = await started(client);
  const stop = new AbortController();
  const reason = new Error('enough');

  const following = run.follow({ onUpdate: none, signal: stop.signal });
  following.catch(() => {});
  await vi.advanceTimersByTimeAsync(10);
  stop.abort(reason);

  await expect(following).rejects.toBe(reason);
  expect(vi.getTimerCount()).toBe(0);
  expect(client.log).not.toContain('cancel resp_1');
});

async function untilAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error));
  });
}
