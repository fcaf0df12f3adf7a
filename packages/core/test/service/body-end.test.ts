// What is left of a body whose answer is over.
import { expect, test, vi } from 'vitest';
import { drain } from '../../src/service/body-end.ts';

test.each([
  ['is over', (controller: ReadableStreamDefaultController) => controller.close()],
  ['breaks', (controller: ReadableStreamDefaultController) => controller.error(new Error('reset'))],
])('no timer is left of a body that %s after its answer', async (_, ending) => {
  vi.useFakeTimers();
  const reader = new ReadableStream<Uint8Array>({ pull: ending }).getReader();

  await drain(reader, new AbortController());
  const timers = vi.getTimerCount();
  vi.useRealTimers();

  expect(timers).toBe(0);
});
