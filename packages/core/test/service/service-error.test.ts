// What a service reports, as the error that a caller gets.
import { expect, test } from 'vitest';
import { reportedError, reportOf, serviceError } from '../../src/seams.ts';

const context = { redact: (text: string) => text, requestId: null };

test.each([
  ['context_length_exceeded', 'context_length'],
  ['exceed_context_size_error', 'context_length'],
  ['model_context_window_exceeded', 'context_length'],
  ['tokens_limit_reached', 'context_length'],
  ['content_filter', 'content_filter'],
  ['content_policy_violation', 'content_filter'],
  ['ResponsibleAIPolicyViolation', 'content_filter'],
  ['rate_limit_exceeded', 'rate_limited'],
  ['rate_limit_error', 'rate_limited'],
  ['insufficient_quota', 'rate_limited'],
  ['invalid_api_key', 'auth'],
  ['authentication_error', 'auth'],
  ['model_not_found', 'not_found'],
  ['DeploymentNotFound', 'not_found'],
  ['invalid_prompt', 'bad_request'],
  ['invalid_request_error', 'bad_request'],
  ['server_error', 'server_error'],
  ['internal_server_error', 'server_error'],
  ['overloaded_error', 'server_error'],
  ['a word of tomorrow', 'response_failed'],
])('the word %s in an answer is %s, under whichever name it comes', (word, code) => {
  for (const member of ['code', 'type', 'status', 'error_code']) {
    const error = serviceError(reportOf({ [member]: word }), context);

    expect(error).toMatchObject({ code, serviceCode: word });
  }
});

test.each([
  [399, 'response_failed', undefined],
  [400, 'bad_request', 400],
  [599, 'server_error', 599],
  [600, 'response_failed', undefined],
])('a code that is the number %i is %s', (number, code, status) => {
  const error = serviceError(reportOf({ code: number }), context);

  expect([error.code, error.status]).toEqual([code, status]);
});

test.each([
  ['auth', { status: 401 }, 'Check the API key.'],
  ['forbidden', { status: 403 }, 'Check what the key may use.'],
  ['not_found', { status: 404 }, 'Check the model or deployment name and the base URL.'],
  ['bad_request', { status: 400 }, 'Check the model, the parameters and the messages.'],
  ['context_length', { code: 'context_length_exceeded' }, 'Send fewer or shorter messages.'],
  ['content_filter', { code: 'content_filter' }, 'The content filter stopped it. Change the messages.'],
  ['rate_limited', { status: 429 }, 'Ask again later, or raise the quota.'],
  ['server_error', { status: 500 }, 'Ask again later.'],
  ['response_failed', {}, 'Ask again.'],
])('an error %s says what to do', (code, said, advice) => {
  const error = serviceError({ code: null, type: null, message: null, ...said }, context);

  expect(error).toMatchObject({ code, message: expect.stringMatching(new RegExp(`\\. ${advice}$`)) });
});

test.each([
  [
    'a list of what is wrong where',
    [{ loc: ['body', 0], msg: 'too hot' }, { msg: 'too cold' }],
    'body.0: too hot; too cold',
  ],
  ['places alone', [{ loc: ['body'] }], 'body'],
  ['nothing', [], null],
  ['what cannot be read', [7, null], null],
])('the reason in `detail` is read from %s', (_, detail, message) => {
  expect(reportOf({ detail }).message).toBe(message);
});

test.each([
  ['an object', undefined, { error: { message: 'No.' } }, 'No.'],
  ['a text', undefined, { error: 'No.' }, 'No.'],
  ['flat, by its type', undefined, { type: 'error', message: 'No.' }, 'No.'],
  ['flat, by its object', undefined, { object: 'error', message: 'No.' }, 'No.'],
  ['flat, by the name of the event', 'error', { message: 'No.' }, 'No.'],
  ['an event without a body', 'error', null, null],
])('an error is found in a frame as %s', (_, event, body, message) => {
  expect(reportedError(event, body)?.message).toBe(message);
});

test.each([
  ['nothing', undefined, null],
  ['words', 'message', { type: 'message', message: 'Hi' }],
  ['a response that failed, which says so itself', 'error', { object: 'response', error: { message: 'No.' } }],
])('a frame of %s reports no error', (_, event, body) => {
  expect(reportedError(event, body)).toBeNull();
});

test.each([
  [undefined, 'context_length'],
  [400, 'context_length'],
  [413, 'context_length'],
  [422, 'context_length'],
  [409, 'bad_request'],
  [429, 'rate_limited'],
  [500, 'server_error'],
])('words about too many tokens under the status %s are %s', (status, code) => {
  const error = serviceError({ status, code: null, type: null, message: 'There are too many tokens.' }, context);

  expect(error.code).toBe(code);
});

test.each([
  ['Anthropic', 'input length and `max_tokens` exceed context limit: 8 + 2 > 9'],
  ['Bedrock', 'Input is too long for requested model.'],
  ['xAI', 'The maximum prompt length is 9 but the request contains 10 tokens.'],
  ['Kimi', 'Invalid request: Your request exceeded model token limit: 9'],
  ['Qwen', 'Range of input length should be [1, 9]'],
])('an error of %s that only its message calls too long is context_length: %s', (_, message) => {
  const error = serviceError({ status: 400, code: 'invalid_request_error', type: null, message }, context);

  expect(error.code).toBe('context_length');
});

test.each([
  [undefined, 'unexpected endpoint: GET /', 'not_found'],
  [undefined, 'an unexpected endpoint', 'response_failed'],
  [405, 'No.', 'not_found'],
])('under the status %s, "%s" is %s', (status, message, code) => {
  expect(serviceError({ status, code: null, type: null, message }, context).code).toBe(code);
});

test.each([
  [{ message: ' v1.2 is gone. ' }, 'The service reported a failure: v1.2 is gone. Ask again.'],
  [{ message: null }, 'The service reported a failure. Ask again.'],
  [{ code: 'x', message: null }, 'The service reported a failure (x). Ask again.'],
  [{ status: 500, message: 'Down' }, 'The service answered 500: Down. Ask again later.'],
])('what the service said of itself is one sentence of the message: %j', (said, message) => {
  expect(serviceError({ code: null, type: null, ...said }, context).message).toBe(message);
});
