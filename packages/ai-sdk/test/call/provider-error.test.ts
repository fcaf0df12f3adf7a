// The errors of providers, told by name and status, and what of them is passed on.
import { AgentError } from '@turnstream/core';
import { expect, test } from 'vitest';
import { finish, named, said, stubModel, updatesOf } from '../stub-model.ts';

const SECRET = 'what the user said';

/** What a call ends with that cannot be made. */
function failureOf(error: Error): Promise<unknown> {
  return updatesOf(stubModel(error)).catch((reason: unknown) => reason);
}

/** All that a logger could print of an error. */
function printed(error: unknown): string {
  if (!(error instanceof Error)) return '';
  return [error.message, error.stack, JSON.stringify(error), printed(error.cause)].join('\n');
}

test.for([
  ['AI_LoadAPIKeyError', 'auth'],
  ['AI_LoadSettingError', 'config_invalid'],
  ['AI_NoSuchModelError', 'config_invalid'],
  ['AI_UnsupportedFunctionalityError', 'input_invalid'],
  ['AI_InvalidPromptError', 'input_invalid'],
  ['AI_EmptyResponseBodyError', 'not_a_stream'],
  ['AI_TypeValidationError', 'stream_malformed'],
  ['AI_JSONParseError', 'stream_malformed'],
  ['AI_InvalidResponseDataError', 'stream_malformed'],
  ['TimeoutError', 'connection_failed'],
  ['CredentialsProviderError', 'config_invalid'],
] as const)('%s is %s', async ([name, code]) => {
  const error = await failureOf(named(name));

  expect(error).toBeInstanceOf(AgentError);
  expect(error).toMatchObject({ code });
});

test.for([
  ['no status', {}, 'connection_failed'],
  ['status 503', { statusCode: 503, responseBody: 'busy' }, 'server_error'],
  ['status 413, a text', { statusCode: 413, responseBody: 'too large' }, 'bad_request'],
  [
    'an error in an answer of status 200',
    { statusCode: 200, responseBody: '{"error":{"type":"overloaded_error"}}' },
    'server_error',
  ],
  ['an answer that broke', { statusCode: 200, cause: new TypeError('terminated') }, 'stream_truncated'],
  ['an answer that is not JSON', { statusCode: 200, cause: named('AI_JSONParseError') }, 'stream_malformed'],
  ['a page', { statusCode: 200, responseHeaders: { 'content-type': 'text/html' } }, 'not_a_stream'],
] as const)('a call that failed with %s is its own code', async ([, fields, code]) => {
  const error = await failureOf(named('AI_APICallError', 'It failed', fields));

  expect(error).toMatchObject({ code });
});

test.for([
  named('AI_APICallError', 'Bad', { statusCode: 400, requestBodyValues: { prompt: SECRET }, responseBody: SECRET }),
  named('AI_JSONParseError', `Text: ${SECRET}`, { text: SECRET }),
  named('AI_APICallError', 'Invalid JSON response', {
    statusCode: 200,
    cause: named('AI_TypeValidationError', SECRET),
  }),
])('neither the request nor the answer is in the error of a call: %s', async (failure) => {
  const error = await failureOf(failure);

  expect(printed(error)).not.toContain(SECRET);
});

test.for([
  ['an object', { type: 'rate_limit_error', message: 'Slow down' }, 'rate_limited'],
  ['an object around it', { type: 'error', error: { code: 'context_length_exceeded' } }, 'context_length'],
  ['an object with a status', { type: 'api_error', message: 'Internal', statusCode: 500 }, 'server_error'],
  [
    'an object with a status and an unknown type',
    { type: 'busy', message: 'Slow down', statusCode: 429 },
    'rate_limited',
  ],
  ['an error of an unknown class', new TypeError('terminated'), 'stream_truncated'],
  ['a sentence', 'The model is gone', 'response_failed'],
  ['an error', named('AI_APICallError', 'Overloaded', { statusCode: 529 }), 'server_error'],
  [
    'a stream without an end',
    named('AI_InvalidResponseDataError', 'Stream ended without a finish reason.'),
    'stream_truncated',
  ],
] as const)('an error inside an answer may be %s', async ([, error, code]) => {
  const updates = updatesOf(stubModel([...said('A'), { type: 'error', error }, finish('error')]));

  await expect(updates).rejects.toMatchObject({ code });
});
