// The request's id and the service's rate limits, on answers and on errors, in every service's spelling.
import { Agent, type AgentError } from '@turnstream/core';
import { type CallContext, takeHeaders } from '@turnstream/core/seams';
import { httpError, mockModel, rawReply, reply, stallAfter, truncateAfter } from '@turnstream/testkit';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { bothApis } from '../both-apis.ts';

const limits = { 'x-ratelimit-limit-tokens': '150000', 'x-ratelimit-remaining-tokens': '149984' };
const headers = { 'content-type': 'application/json', 'x-request-id': 'req_7', ...limits };
const said = { requestId: 'req_7', rateLimits: { tokens: { limit: 150_000, remaining: 149_984 } } };

const wholes = {
  'Chat Completions': { choices: [{ index: 0, message: { content: 'Hi.' }, finish_reason: 'stop' }] },
  Responses: { status: 'completed', output: [{ type: 'message', content: [{ type: 'output_text', text: 'Hi.' }] }] },
};
const streams = {
  'Chat Completions': ['{"choices":[{"index":0,"delta":{"content":"Hi."},"finish_reason":"stop"}]}', '[DONE]'],
  Responses: [
    '{"type":"response.output_text.delta","item_id":"m","delta":"Hi."}',
    '{"type":"response.completed","response":{"status":"completed","output":[]}}',
  ],
};

describe.each(bothApis)('$name', (api) => {
  const agentAt = ({ baseURL }: { readonly baseURL: string }) =>
    new Agent({ client: api.newClient({ baseURL, maxRetries: 0 }) });

  test('a whole answer has the id of its request and what is left of the limits', async () => {
    using model = mockModel(rawReply({ headers, body: JSON.stringify(wholes[api.name as keyof typeof wholes]) }));

    const { metadata } = await agentAt(model).run('Go');

    expect(metadata).toEqual(said);
  });

  test('a streamed answer has them too', async () => {
    const body = streams[api.name as keyof typeof streams].map((data) => `data: ${data}\n\n`);
    using model = mockModel(rawReply({ headers: { ...headers, 'content-type': 'text/event-stream' }, body }));

    const { metadata } = await agentAt(model).runStreaming('Go').finalResponse();

    expect(metadata).toEqual(said);
  });

  test('the error of a refused request has both too', async () => {
    using model = mockModel(httpError(429, { headers }));

    const error = await failureOf(agentAt(model).run('Go'));

    expect(error).toMatchObject({ code: 'rate_limited', ...said });
  });

  test.each([
    ['a stream that is cut', reply(['one', 'two'], { fault: truncateAfter({ chunks: 1 }) }), {}, 'stream_truncated'],
    [
      'a model that falls silent',
      reply(['one', 'two'], { fault: stallAfter({ chunks: 1 }) }),
      { idleMs: 1 },
      'idle_timeout',
    ],
    ['a page of HTML', rawReply({ headers: { 'x-request-id': 'req_1' }, body: '<html>' }), {}, 'not_a_stream'],
  ])('%s is an error with the id of its request', async (_, step, limited, code) => {
    using model = mockModel(step);

    const error = await failureOf(agentAt(model).runStreaming('Go', { limits: limited }).finalResponse());

    expect(error).toMatchObject({ code, requestId: 'req_1' });
  });

  test('an error without an answer has no request id', async () => {
    const error = await failureOf(agentAt({ baseURL: 'http://127.0.0.1:9/v1' }).run('Go'));

    expect(error).toMatchObject({ code: 'connection_failed' });
    expect(error).not.toHaveProperty('requestId');
    expect(error).not.toHaveProperty('rateLimits');
  });
});

describe('headers', () => {
  beforeEach(() => void vi.useFakeTimers({ now: new Date('2026-01-01T00:00:00Z'), toFake: ['Date'] }));
  afterEach(() => void vi.useRealTimers());

  function read(given: Readonly<Record<string, string>>): CallContext {
    const context: CallContext = { redact: (text) => text.replaceAll('secret', '***'), requestId: null };
    takeHeaders(context, new Headers(given));
    return context;
  }

  test.each([
    ['1s', 1_000],
    ['6m0s', 360_000],
    ['20ms', 20],
    ['2h30m0s', 9_000_000],
    ['1d', 86_400_000],
    ['2m59.56s', 179_560],
    ['8', 8_000],
    ['0.5', 500],
    ['1767225660', 60_000],
    ['1767225660000', 60_000],
    ['2026-01-01T00:01:00Z', 60_000],
    ['2025-12-31T00:00:00Z', 0],
  ])('a reset of %s is %i ms away', (value, resetMs) => {
    expect(read({ 'x-ratelimit-reset-requests': value }).rateLimits).toEqual({ requests: { resetMs } });
  });

  test.each(['', 'soon', 'm', '-5', `${'9'.repeat(400)}s`, '9'.repeat(400)])('a reset of "%s" is left out', (value) => {
    expect(read({ 'x-ratelimit-reset-requests': value }).rateLimits).toBeUndefined();
  });

  test.each([
    ['OpenAI', { 'x-ratelimit-limit-project-tokens': '9' }, { 'project-tokens': { limit: 9 } }],
    ['Mistral', { 'x-ratelimit-remaining-req-minute': '49' }, { 'req-minute': { remaining: 49 } }],
    ['OpenRouter', { 'X-RateLimit-Remaining': '0' }, { requests: { remaining: 0 } }],
    ['the IETF draft', { 'ratelimit-limit': '100, 100;w=60' }, { requests: { limit: 100 } }],
    ['Anthropic', { 'anthropic-ratelimit-input-tokens-limit': '40' }, { 'input-tokens': { limit: 40 } }],
    ['no known service', { 'x-ratelimit-policy': '1', 'x-ratelimit-limit-requests': 'unlimited' }, undefined],
  ])('limits are read as %s writes them', (_, given, rateLimits) => {
    expect(read(given).rateLimits).toEqual(rateLimits);
  });

  test.each(['x-request-id', 'apim-request-id', 'request-id', 'mistral-correlation-id'])(
    'the id of the request is in %s, without secrets and not endless',
    (name) => {
      expect(read({ [name]: 'my-secret' }).requestId).toBe('my-***');
      expect(read({ [name]: 'x'.repeat(500) }).requestId).toHaveLength(80);
    },
  );

  test.each([
    ['x-request-id', 'request-id'],
    ['x-request-id', 'apim-request-id'],
    ['apim-request-id', 'request-id'],
    ['apim-request-id', 'mistral-correlation-id'],
  ])('of several ids, the one that support asks for counts: %s before %s', (first, second) => {
    expect(read({ [first]: 'service', [second]: 'gateway' }).requestId).toBe('service');
    expect(read({ [second]: 'gateway', [first]: 'service' }).requestId).toBe('service');
  });
});

async function failureOf(run: Promise<unknown>): Promise<AgentError> {
  return run.then(
    () => expect.unreachable('the run should fail'),
    (error: AgentError) => error,
  );
}
