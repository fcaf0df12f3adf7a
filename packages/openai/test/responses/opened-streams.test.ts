import { type BackgroundEvent, chatUpdate } from '@turnstream/core/seams';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ModelCall } from '../../src/call/model-call.ts';
import { BackgroundEventDecoder } from '../../src/responses/background-events.ts';
import { OpenedStreams } from '../../src/responses/opened-streams.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function newStream() {
  const context = { redact: (text: string) => text, requestId: null };
  const answer = new BackgroundEventDecoder(context, { responseId: null, after: null });
  const request = vi.fn(() => Promise.reject(new Error('left alone')));
  const rest = new ModelCall<BackgroundEvent>({ signal: new AbortController().signal, request, answer, context });
  return { first: { sequenceNumber: 0, update: chatUpdate({}) }, rest, request };
}

test('a stream is given to the first who asks, and nothing waits for it any more', () => {
  const streams = new OpenedStreams();
  const stream = newStream();
  streams.keep('resp_1', stream);

  const taken = [streams.take('resp_2'), streams.take('resp_1'), streams.take('resp_1')];

  expect(taken).toEqual([null, stream, null]);
  expect(vi.getTimerCount()).toBe(0);
});

test('a stream that nobody asks for within two seconds is closed and gone', async () => {
  const streams = new OpenedStreams();
  const [early, late] = [newStream(), newStream()];
  streams.keep('resp_1', early);
  streams.keep('resp_2', late);

  vi.advanceTimersByTime(1_999);
  const kept = streams.take('resp_1');
  vi.advanceTimersByTime(1);

  expect(kept).toBe(early);
  expect(streams.take('resp_2')).toBeNull();
  expect(await late.rest.next()).toEqual({ done: true, value: undefined });
  expect(late.request).not.toHaveBeenCalled();
});
