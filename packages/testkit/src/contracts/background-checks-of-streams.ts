// What every BackgroundClient does with the events of a response: it yields each once, in order, until the reader
// leaves.
import type { BackgroundClient, BackgroundEvent } from '@turnstream/core/seams';
import { expect } from 'vitest';
import { type BackgroundStep, background } from '../script/background.ts';
import { TestClock } from '../script/clock.ts';
import { duplicateFrame, responseFailed, truncateAfter } from '../script/faults.ts';
import { reply } from '../script/reply.ts';
import { type BackgroundRig, letters, never, openBackground, text, textIn } from './background-check.ts';
import { type ClientChecks, lastKnown } from './client-check.ts';

/** A stream that sends its first word and then goes silent. */
function silentAfterOne(): BackgroundStep {
  return background(reply(letters, { chunkDelayMs: 1000 }), { clock: new TestClock() });
}

/** Pulls until the first word. */
async function untilWord({ rig }: BackgroundRig, iterator: AsyncIterator<BackgroundEvent>): Promise<void> {
  for (;;) {
    const pull = await rig.inTime(iterator.next(), 'the first word');
    if (pull.done === true) throw new Error('the events ended without a word');
    if (pull.value.update.text !== '') return;
  }
}

export const checksOfStreams: ClientChecks = {
  async 'streams events in ascending order, either all of them or those after a number'(open) {
    await using it = await openBackground(open, background(reply(letters)));
    const { id } = await it.start({ stream: true });

    const events = await it.eventsOf(id);
    const numbers = events.map((event) => event.sequenceNumber);

    expect(textIn(events)).toBe(text);
    expect(
      lastKnown(
        events.map((event) => event.update),
        'finishReason',
      ),
    ).toBe('stop');
    expect(numbers).toEqual(numbers.toSorted((left, right) => left - right));
    for (const after of numbers) {
      const rest = events.filter((event) => event.sequenceNumber > after);
      expect(textIn(await it.eventsOf(id, after))).toBe(textIn(rest));
    }
  },

  async 'asks the service only for the events after a number'(open) {
    await using it = await openBackground(open, background(reply(letters)));
    const { id } = await it.start({ stream: true });
    const [first] = await it.eventsOf(id);
    const after = first?.sequenceNumber ?? null;

    await it.eventsOf(id, after);

    const asked = it.requests.map(({ path }) => new URL(path, it.rig.model.origin).searchParams);
    expect(asked.map((query) => query.get('starting_after'))).toContain(`${after}`);
  },

  async 'drops duplicate events'(open) {
    await using it = await openBackground(open, background(reply(letters, { fault: duplicateFrame({ chunks: 1 }) })));
    const { id } = await it.start({ stream: true });

    expect(textIn(await it.eventsOf(id))).toBe(text);
  },

  async 'rejects with stream_truncated when the events break off, and resumes after the last one'(open) {
    const cut = truncateAfter({ chunks: 2 });
    // The stream opened by `start` is cut too, whether or not it is still being read.
    await using it = await openBackground(open, background(reply(letters), { streams: [cut, cut] }));
    const { id } = await it.start({ stream: true });
    const seen: BackgroundEvent[] = [];

    const breakingOff = async (): Promise<void> => {
      for await (const event of it.client.stream(id, { after: null, signal: never })) seen.push(event);
    };

    expect(await it.rig.failureOf(breakingOff())).toMatchObject({ name: 'AgentError', code: 'stream_truncated' });
    expect(textIn(seen)).toBe('Alpha beta ');
    const rest = await takeUp(it, id, seen.at(-1)?.sequenceNumber ?? null);
    expect(textIn(rest)).toBe('gamma delta.');
  },

  async 'ends the stream when the response ends, however it ends'(open) {
    const failing = reply(letters, { fault: responseFailed({ chunks: 2 }) });
    const looks = ['in_progress'] as const;
    const cut = truncateAfter({ chunks: 1 });
    const steps = [background(failing), background(reply(letters), { looks, streams: [cut] })];
    await using it = await openBackground(open, ...steps);
    const failed = await it.start({ stream: true });
    const cancelled = await it.start({ stream: true });
    await it.rig.leftEarly(it.requests[1]);
    await it.cancel(cancelled.id);

    expect(textIn(await it.eventsOf(failed.id))).toBe('Alpha beta ');
    expect(['', 'Alpha ']).toContain(textIn(await takeUp(it, cancelled.id, null)));
  },

  async 'closes the stream when the reader leaves, without cancelling the response'(open) {
    await using it = await openBackground(open, silentAfterOne());
    const { id } = await it.start({ stream: true });
    const iterator = it.client.stream(id, { after: null, signal: never })[Symbol.asyncIterator]();
    await untilWord(it, iterator);

    await it.rig.closeEarly(iterator);

    expect(await it.rig.leftEarly(it.requests.at(-1))).toBe(true);
    expect((await it.look(id)).status).toBe('in_progress');
  },

  async 'rejects with the signal’s own reason and closes the stream while the model is silent'(open) {
    await using it = await openBackground(open, silentAfterOne());
    const { id } = await it.start({ stream: true });
    const leaving = new AbortController();
    const iterator = it.client.stream(id, { after: null, signal: leaving.signal })[Symbol.asyncIterator]();
    await untilWord(it, iterator);
    const streamed = it.requests.at(-1);
    const reason = new Error('the reader left');

    const failure = it.rig.failureOf(pullToEnd(iterator));
    leaving.abort(reason);

    expect(await failure).toBe(reason);
    expect(await it.rig.leftEarly(streamed)).toBe(true);
  },
};

async function pullToEnd(iterator: AsyncIterator<BackgroundEvent>): Promise<void> {
  while ((await iterator.next()).done !== true);
}

/** Reads to the end, reopening the stream each time it breaks off. */
function takeUp(it: BackgroundRig, id: string, from: number | null): Promise<BackgroundEvent[]> {
  return it.rig.inTime(readAll(it.client, id, from), 'the events to end');
}

async function readAll(client: BackgroundClient, id: string, from: number | null): Promise<BackgroundEvent[]> {
  const seen: BackgroundEvent[] = [];
  for (let tries = 0; tries < 4; tries += 1) {
    try {
      const after = seen.at(-1)?.sequenceNumber ?? from;
      for await (const event of client.stream(id, { after, signal: never })) seen.push(event);
      return seen;
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'stream_truncated')) throw error;
    }
  }
  throw new Error('the events broke off again and again');
}
