import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { startSpinner } from '../terminal/spinner.ts';
import { fakeOutput } from './fake-terminal.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

test('an answer that comes within 150 ms shows no spinner', () => {
  const output = fakeOutput({ isTTY: true });

  const erase = startSpinner(output);
  vi.advanceTimersByTime(149);
  erase();
  vi.advanceTimersByTime(1000);

  expect(output.text).toBe('');
});

test('a longer wait shows how long it is, and is erased without an escape code', () => {
  const output = fakeOutput({ isTTY: true });

  const erase = startSpinner(output);
  vi.advanceTimersByTime(250);
  erase();
  erase();
  vi.advanceTimersByTime(1000);

  const width = '- thinking 0.1 s'.length;
  const back = '\b'.repeat(width);
  expect(output.text).toBe(`- thinking 0.1 s${back}\\ thinking 0.3 s${back}${' '.repeat(width)}${back}`);
  expect(vi.getTimerCount()).toBe(0);
});

test('a pipe gets no spinner', () => {
  const output = fakeOutput({ isTTY: false });

  startSpinner(output);
  vi.advanceTimersByTime(1000);

  expect(output.text).toBe('');
});
