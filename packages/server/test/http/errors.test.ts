// How an error is reported to the client: status, code, message, and when to retry.
import { AgentError, type AgentErrorCode } from '@turnstream/core';
import Fastify from 'fastify';
import { expect, test } from 'vitest';
import { AnswerFailed, addErrorAnswers } from '../../src/http/errors.ts';

const own = (code: AgentErrorCode, retryAfterMs?: number): AgentError =>
  new AgentError(code, 'In our words.', retryAfterMs === undefined ? {} : { retryAfterMs });
const ofFastify = (statusCode: number): Error => Object.assign(new Error('quotes the request'), { statusCode });

async function answerTo(error: Error) {
  const logged: { readonly level: number; readonly msg: string; readonly reqId: string }[] = [];
  const app = Fastify({ logger: { stream: { write: (line) => void logged.push(JSON.parse(line)) } } });
  addErrorAnswers(app);
  app.get('/', async () => {
    throw error;
  });
  const { statusCode, headers, body } = await app.inject('/');
  const { code, message, requestId } = (JSON.parse(body) as { error: Record<string, string> }).error;
  return { answer: [statusCode, code, message, headers['retry-after'] ?? null], requestId, logged };
}

const FAILED = 'The server failed. Its log has the request by its id.';
const NO_ANSWER = 'The server could not get the answer. Ask again later.';

test.each<[string, Error, [number, string, string, string | null]]>([
  ['input_invalid', own('input_invalid'), [400, 'input_invalid', 'In our words.', null]],
  ['webhook_invalid', own('webhook_invalid'), [400, 'webhook_invalid', 'In our words.', null]],
  ['auth', own('auth'), [401, 'auth', 'In our words.', null]],
  ['forbidden', own('forbidden'), [403, 'forbidden', 'In our words.', null]],
  ['not_found', own('not_found'), [404, 'not_found', 'In our words.', null]],
  ['session_busy', own('session_busy', 2_000), [409, 'session_busy', 'In our words.', '2']],
  ['history_conflict', own('history_conflict'), [409, 'history_conflict', 'In our words.', null]],
  ['idempotency_conflict', own('idempotency_conflict'), [422, 'idempotency_conflict', 'In our words.', null]],
  ['rate_limited', own('rate_limited', 1_001), [429, 'rate_limited', 'In our words.', '2']],
  ['background_unsupported', own('background_unsupported'), [501, 'background_unsupported', 'In our words.', null]],
  ['overloaded', own('overloaded', 2_000), [503, 'overloaded', 'In our words.', '2']],
  ['server_stopping', own('server_stopping', 2_000), [503, 'server_stopping', 'In our words.', '2']],
  ['an internal code', own('config_invalid'), [500, 'server_error', FAILED, null]],
  ['an unknown error', new Error('secret'), [500, 'server_error', FAILED, null]],
  ['a 503 from elsewhere', ofFastify(503), [500, 'server_error', FAILED, null]],
  ['a 399', ofFastify(399), [500, 'server_error', FAILED, null]],
  ['a 408', ofFastify(408), [408, 'input_invalid', 'The request did not arrive in time.', null]],
  ['a 431', ofFastify(431), [431, 'input_invalid', 'The headers are larger than this server allows.', null]],
  [
    'a 415',
    ofFastify(415),
    [415, 'input_invalid', 'The body is not JSON. Send `content-type: application/json`.', null],
  ],
  [
    'a 400',
    ofFastify(400),
    [400, 'input_invalid', 'The request cannot be read. Check that its body is JSON and its URL is well formed.', null],
  ],
  ['a 401', ofFastify(401), [401, 'auth', 'The application refused the request (401).', null]],
  ['a 403', ofFastify(403), [403, 'forbidden', 'The application refused the request (403).', null]],
  ['a 404', ofFastify(404), [404, 'not_found', 'The application refused the request (404).', null]],
  ['a 429', ofFastify(429), [429, 'rate_limited', 'The application refused the request (429).', null]],
  ['a failed answer', new AnswerFailed(new Error('secret')), [502, 'server_error', NO_ANSWER, null]],
  ['a failed key', new AnswerFailed(own('auth')), [502, 'server_error', NO_ANSWER, null]],
  ['a busy session', new AnswerFailed(own('session_busy', 2_000)), [409, 'session_busy', 'In our words.', '2']],
  ['a conflicting turn', new AnswerFailed(own('history_conflict')), [409, 'history_conflict', 'In our words.', null]],
  ['a deleted session', new AnswerFailed(own('not_found')), [404, 'not_found', 'In our words.', null]],
  [
    'an answer stopped by the server',
    new AnswerFailed(own('server_stopping', 2_000)),
    [503, 'server_stopping', 'In our words.', '2'],
  ],
  ['a guard', new AnswerFailed(own('first_update_timeout')), [504, 'first_update_timeout', 'In our words.', null]],
  [
    'a busy service',
    new AnswerFailed(own('rate_limited', 3_000)),
    [502, 'rate_limited', "The model's service is busy. Ask again later.", '3'],
  ],
])('%s', async (_what, error, expected) => {
  const { answer, requestId } = await answerTo(error);

  expect(answer).toEqual(expected);
  expect(requestId).toMatch(/^req-/);
});

test.each([
  ['of the server', ['request failed'], new Error('secret')],
  ['at the model', ['request failed'], new AnswerFailed(own('auth'))],
  ['of the requester', [], own('not_found')],
])('a failure %s is logged as %j', async (_what, expected, error) => {
  const { logged, requestId } = await answerTo(error);

  const errors = logged.filter(({ level }) => level === 50);
  expect(errors.map(({ msg }) => msg)).toEqual(expected);
  expect(errors.every(({ reqId }) => reqId === requestId)).toBe(true);
});

test('the error for an invalid body says where it is invalid', async () => {
  const app = Fastify();
  addErrorAnswers(app);
  app.post('/', { schema: { body: { type: 'object', required: ['message'] } } }, () => 'ok');

  const { statusCode, body } = await app.inject({ method: 'POST', url: '/', payload: {} });

  expect(statusCode).toBe(400);
  expect(JSON.parse(body)).toMatchObject({
    error: { code: 'input_invalid', message: "body must have required property 'message'" },
  });
});
