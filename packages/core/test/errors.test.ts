// What an error says about retries, and what it keeps out of logs.
import { expect, test } from 'vitest';
import { AGENT_ERROR_CODES, isTransient, keepPartial, nameRequest } from '../src/errors.ts';
import { AgentError } from '../src/index.ts';
import { ResponseFold } from '../src/message/response.ts';

test.each([
  ['rate_limited', true],
  ['stream_truncated', true],
  ['response_failed', true],
  ['auth', false],
  ['max_bytes', false],
  ['background_expired', false],
] as const)('%s is retryable: %s', (code, expected) => {
  expect(new AgentError(code, 'x').retryable).toBe(expected);
});

test.each([
  ['rate_limited', false],
  ['auth', true],
] as const)('what the other side said of a retry counts more than the code %s', (code, retryable) => {
  expect(new AgentError(code, 'x', { retryable }).retryable).toBe(retryable);
});

test('a failed look is transient when it is retryable and does not end the run', () => {
  const narrower = AGENT_ERROR_CODES.filter((code) => {
    const error = new AgentError(code, 'x');
    return error.retryable && !isTransient(error);
  });

  expect(narrower).toEqual(['response_failed', 'history_conflict', 'output_invalid', 'background_timeout']);
  expect(isTransient(new AgentError('stream_truncated', 'x'))).toBe(true);
  expect(isTransient(new AgentError('auth', 'x'))).toBe(false);
  expect(isTransient(new AgentError('rate_limited', 'x', { retryable: false }))).toBe(false);
  expect(isTransient(new Error('x'))).toBe(false);
});

test('an error keeps the first partial answer, where no logger looks and no catcher can change it', () => {
  const error = new AgentError('stream_truncated', 'x');
  const partial = new ResponseFold().build('failed');

  keepPartial(error, partial);
  keepPartial(error, new ResponseFold().build('cancelled'));

  expect(error.partial).toBe(partial);
  expect(Object.keys(error)).not.toContain('partial');
  expect(() => Object.assign(error, { partial: null })).toThrow(TypeError);
});

test('an error names its request; the first value wins', () => {
  const rateLimits = { tokens: { remaining: 0 } };
  const error = new AgentError('rate_limited', 'x', { requestId: 'req_1' });

  nameRequest(error, { requestId: 'req_2', rateLimits });
  nameRequest(error, {});

  expect(error).toMatchObject({ requestId: 'req_1', rateLimits });
});

test('an error has its name, and its cause and what the service said where there is any', () => {
  const cause = new Error('socket');

  const bare = new AgentError('auth', 'x');
  const full = new AgentError('rate_limited', 'y', { cause, retryAfterMs: 0, status: 429, serviceCode: 'slow_down' });

  expect(Object.entries(bare)).toEqual([
    ['name', 'AgentError'],
    ['code', 'auth'],
  ]);
  expect('cause' in bare).toBe(false);
  expect(full).toMatchObject({ cause, retryAfterMs: 0, status: 429, serviceCode: 'slow_down' });
});
