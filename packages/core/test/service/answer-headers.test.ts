// What the headers of an answer add to what it says of itself.
import { expect, test } from 'vitest';
import { withHeaders } from '../../src/seams.ts';

const redact = (text: string): string => text;
const rateLimits = { requests: { remaining: 3 } };

test.each([
  ['an id', { requestId: 'req_1' }, { requestId: 'req_1' }],
  ['limits', { requestId: null, rateLimits }, { rateLimits }],
  ['both', { requestId: 'req_1', rateLimits }, { requestId: 'req_1', rateLimits }],
])('headers with %s are metadata, alone and beside what the answer says', (_, headers, members) => {
  expect(withHeaders(null, { redact, ...headers })).toStrictEqual(members);
  expect(withHeaders({ model: 'm' }, { redact, ...headers })).toStrictEqual({ model: 'm', ...members });
});

test('headers with neither add nothing', () => {
  const metadata = { model: 'm' };

  expect(withHeaders(metadata, { redact, requestId: null })).toBe(metadata);
  expect(withHeaders(null, { redact, requestId: null })).toBeNull();
});
