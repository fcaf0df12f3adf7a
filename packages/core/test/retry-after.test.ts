// What is read from a `Retry-After` header.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { parseRetryAfter } from '../src/retry-after.ts';

beforeEach(() => void vi.useFakeTimers({ now: Date.UTC(2026, 7, 1, 12), toFake: ['Date'] }));
afterEach(() => void vi.useRealTimers());

test.each([
  ['seconds', '120', 120_000],
  ['none', '0', 0],
  ['a fraction of a second', '0.5', 500],
  ['spaces around it', ' 7 ', 7_000],
  ['a date', 'Sat, 01 Aug 2026 12:02:00 GMT', 120_000],
  ['a date of RFC 850', 'Saturday, 01-Aug-26 12:02:00 GMT', 120_000],
  ['a date of asctime', 'Sat Aug  1 12:02:00 2026', 120_000],
  ['a date that is over', 'Thu, 01 Jan 1970 00:00:00 GMT', 0],
])('%s is %j: %s ms', (_what, header, waitMs) => {
  expect(parseRetryAfter(header)).toBe(waitMs);
});

test.each([[null], [undefined], [''], ['-5'], ['soon'], ['in 5'], ['1e3'], ['5 minutes'], ['Monday']])(
  '%j is not a wait',
  (header) => {
    expect(parseRetryAfter(header)).toBeNull();
  },
);
