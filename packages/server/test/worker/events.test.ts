// What is sent of an answer, whichever process sent the beginning.
import type { BackgroundToken, Message } from '@turnstream/core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SentEvents } from '../../src/events/sent-events.ts';
import type { ServerEvent } from '../../src/events/wire.ts';
import { EventBatches, MAX_GATHERED } from '../../src/worker/event-batches.ts';
import { joined } from './rig.ts';

const run = { runId: 'run_1', sessionId: 's1' };
const answer = (text: string, status: 'completed' | 'incomplete' | 'cancelled' = 'completed') => ({
  status,
  text,
  messages: [{ role: 'assistant', contents: text }] as const,
});

test('whatever was sent before, the joined updates are the text of the answer in the end', () => {
  fc.assert(
    fc.property(fc.array(fc.string()), fc.array(fc.string()), fc.string(), (before, here, rest) => {
      const sent = new SentEvents();
      const stored: ServerEvent[] = before.map((text) => ({ type: 'update', text }));
      for (const event of stored) sent.take(event);
      const text = rest.length % 2 === 0 ? rest : [...before, ...here, rest].join('');

      const events = [...stored, ...here.flatMap((piece) => sent.text(piece)), ...sent.whole(answer(text), run)];

      expect(joined(events)).toBe(text);
    }),
  );
});

test('an answer that continues what was sent is appended; a different one replaces it, and says so', () => {
  const [same, other] = [new SentEvents(), new SentEvents()];
  for (const sent of [same, other]) sent.take({ type: 'update', text: 'Alpha ' });

  const added = same.whole(answer('Alpha beta.'), run);
  const replaced = other.whole(answer('Gamma.', 'incomplete'), run);

  expect(added).toEqual([{ type: 'update', text: 'beta.' }]);
  expect(replaced).toEqual([
    { type: 'session', ...run, mode: 'replace' },
    { type: 'update', text: 'Gamma.' },
  ]);
});

test('a cancelled run keeps what was sent of it', () => {
  const sent = new SentEvents();
  sent.take({ type: 'update', text: 'Alpha ' });

  const events = sent.whole(answer('', 'cancelled'), run);

  expect(events).toEqual([]);
});

test('calls and results are sent once each, a call as soon as it has a name', () => {
  const sent = new SentEvents();
  const call = { type: 'function_call', callId: 'c1', arguments: '' } as const;
  const result = { type: 'function_result', callId: 'c1', result: 'Snow' } as const;
  const turn: Message[] = [
    { role: 'assistant', contents: [{ ...call, name: 'look' }] },
    { role: 'tool', contents: [result] },
  ];

  const events = [
    sent.tools([{ ...call, name: '' }]),
    sent.tools([{ ...call, name: 'look' }]),
    sent.tools([{ ...call, name: '' }, result, result]),
    sent.upTo(turn),
    sent.tools([{ ...result, callId: 'c2' }]),
  ];

  const event = { type: 'tool', callId: 'c1', name: 'look' };
  expect(events).toEqual([[], [{ ...event, status: 'called' }], [{ ...event, status: 'done' }], [], []]);
});

const tokenAt = (sequenceNumber: number) => ({ sequenceNumber }) as BackgroundToken;
const update = (text: string): ServerEvent => ({ type: 'update', text });

/** A database that takes each write when it is sent to. */
function gatedWrites() {
  const written: unknown[] = [];
  const gates: PromiseWithResolvers<void>[] = [];
  const batches = new EventBatches(async (events, token) => {
    written.push([events.map((event) => 'text' in event && event.text), token.sequenceNumber]);
    const gate = Promise.withResolvers<void>();
    gates.push(gate);
    await gate.promise;
  });
  return { batches, written, gates };
}

test('what comes during a write gathers for the next one, which goes on behind its last event', async () => {
  const { batches, written, gates } = gatedWrites();

  await batches.add([update('a')], tokenAt(1));
  await batches.add([update('b')], tokenAt(2));
  await batches.add([update('c')], tokenAt(3));
  gates[0]!.resolve();
  await expect.poll(() => gates.length).toBe(2);
  gates[1]!.resolve();
  await batches.settled();

  expect(written).toEqual([
    [['a'], 1],
    [['b', 'c'], 3],
  ]);
});

test('who brings more than a slow database takes has to wait for it', async () => {
  const { batches, gates } = gatedWrites();
  const done: number[] = [];
  await batches.add([update('first')], tokenAt(0));
  for (let number = 1; number < MAX_GATHERED; number += 1) await batches.add([update('x')], tokenAt(number));

  const full = batches.add([update('y')], tokenAt(MAX_GATHERED)).then(() => done.push(1));
  await Promise.resolve();
  const waited = done.length === 0;
  gates[0]!.resolve();
  await expect.poll(() => gates.length).toBe(2);
  gates[1]!.resolve();
  await full;

  expect(waited).toBe(true);
});

test('a failed write rejects every later add and settle', async () => {
  const batches = new EventBatches(() => Promise.reject(new Error('disk full')));
  await batches.add([update('a')], tokenAt(1));

  await expect(batches.settled()).rejects.toThrow('disk full');
  await expect(batches.add([update('b')], tokenAt(2))).rejects.toThrow('disk full');
  await expect(batches.settled()).rejects.toThrow('disk full');
});
