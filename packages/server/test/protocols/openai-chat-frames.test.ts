// Every byte that clients of Chat Completions read: models, chunks, completions, errors.
import { chatUpdate } from '@turnstream/core/seams';
import { callTool, httpError } from '@turnstream/testkit';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { openRig, TOKEN } from '../app-rig.ts';
import { look } from './openai-chat-calls.ts';
import { openRich } from './openai-rich-answer.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'], now: 1_700_000_000_999 }));
afterEach(() => void vi.useRealTimers());

const asking = { model: 'agent', messages: [{ role: 'user', content: 'Where is it?' }], tools: [look] };
const streaming = { ...asking, stream: true, stream_options: { include_usage: true } };
const head = { id: expect.stringMatching(/^chatcmpl-[\w-]{36}$/), created: 1_700_000_000, model: 'agent' };
const usage = {
  prompt_tokens: 130,
  completion_tokens: 50,
  total_tokens: 180,
  prompt_tokens_details: { cached_tokens: 90 },
  completion_tokens_details: { reasoning_tokens: 9 },
};

/** The payloads of a stream, and its last line. */
function payloadsOf(text: string): readonly unknown[] {
  const lines = text.split('\n\n').filter((line) => line !== '');
  return lines.map((line) => (line === 'data: [DONE]' ? line : JSON.parse(line.replace('data: ', ''))));
}

function chunk(delta: object, finish: string | null = null): object {
  const choices = [{ index: 0, delta, logprobs: null, finish_reason: finish }];
  return { ...head, object: 'chat.completion.chunk', choices };
}

test('a rich answer comes in chunks of one completion', async () => {
  await using rig = await openRich({});

  const answer = await rig.post('/v1/chat/completions', streaming);

  const payloads = payloadsOf(await answer.text());
  expect(payloads).toEqual([
    chunk({ role: 'assistant', content: '' }),
    chunk({ reasoning_content: 'Hm' }),
    chunk({ reasoning_content: '…' }),
    chunk({ reasoning_content: 'So.' }),
    chunk({ reasoning_content: 'Let me look.' }),
    chunk({ content: 'Not ' }),
    chunk({ content: 'far.' }),
    chunk({ refusal: 'No ' }),
    chunk({ refusal: 'names.' }),
    chunk({ tool_calls: [{ index: 0, id: 'c1', type: 'function', function: { name: 'look', arguments: '{"at"' } }] }),
    chunk({ tool_calls: [{ index: 0, function: { arguments: ':"sky"}' } }] }),
    chunk({
      tool_calls: [{ index: 1, id: 'c2', type: 'function', function: { name: 'look', arguments: '{"in":"sea"}' } }],
    }),
    chunk({ tool_calls: [{ index: 0, function: { arguments: '' } }] }),
    chunk({}, 'tool_calls'),
    { ...head, object: 'chat.completion.chunk', choices: [], usage },
    'data: [DONE]',
  ]);
  expect(new Set(payloads.flatMap((payload) => (payload as { readonly id?: string }).id ?? [])).size).toBe(1);
});

test('a rich answer that is not streamed is one completion', async () => {
  await using rig = await openRich({});

  const answer = await rig.post('/v1/chat/completions', asking);

  const message = {
    role: 'assistant',
    content: 'Not far.',
    refusal: 'No names.',
    reasoning_content: 'Hm…So.Let me look.',
    tool_calls: [
      { id: 'c1', type: 'function', function: { name: 'look', arguments: '{"at":"sky"}' } },
      { id: 'c2', type: 'function', function: { name: 'look', arguments: '{"in":"sea"}' } },
    ],
  };
  expect(await answer.json()).toEqual({
    ...head,
    object: 'chat.completion',
    choices: [{ index: 0, message, logprobs: null, finish_reason: 'tool_calls' }],
    usage,
  });
});

test('an answer of a call alone has no text, and no usage where the service counts no tokens', async () => {
  const call = callTool('look', {}, { callId: 'c1', usage: null });
  await using rig = await openRig({ openai: {}, steps: [call, call, call] });

  const streamed = await rig.post('/v1/chat/completions', streaming);
  const uncounted = await rig.post('/v1/chat/completions', { ...asking, stream: true, stream_options: {} });
  const whole = await rig.post('/v1/chat/completions', asking);

  const called = { id: 'c1', type: 'function', function: { name: 'look', arguments: '{}' } };
  const chunks = [
    chunk({ role: 'assistant', content: '' }),
    chunk({ tool_calls: [{ index: 0, ...called, function: { name: 'look', arguments: '' } }] }),
    chunk({ tool_calls: [{ index: 0, function: { arguments: '{}' } }] }),
    chunk({}, 'tool_calls'),
  ];
  const message = { role: 'assistant', content: null, refusal: null, tool_calls: [called] };
  expect(payloadsOf(await streamed.text())).toEqual([
    ...chunks,
    { ...head, object: 'chat.completion.chunk', choices: [], usage: null },
    'data: [DONE]',
  ]);
  expect(payloadsOf(await uncounted.text())).toEqual([...chunks, 'data: [DONE]']);
  expect(await whole.json()).toEqual({
    ...head,
    object: 'chat.completion',
    choices: [{ index: 0, message, logprobs: null, finish_reason: 'tool_calls' }],
    usage: null,
  });
});

test('an unknown finish reason becomes `stop`, and uncounted tokens are left out', async () => {
  async function* send() {
    yield chatUpdate({ contents: [{ type: 'text', text: 'Rain.' }] });
    yield chatUpdate({ finishReason: 'eos', usage: { inputTokens: 1, outputTokens: 2, totalTokens: 3 } });
  }
  await using rig = await openRig({ openai: {}, agent: { client: { send } } });

  const whole = await (await rig.post('/v1/chat/completions', asking)).json();

  const message = { role: 'assistant', content: 'Rain.', refusal: null };
  expect(whole).toEqual({
    ...head,
    object: 'chat.completion',
    choices: [{ index: 0, message, logprobs: null, finish_reason: 'stop' }],
    usage: { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3 },
  });
});

test.each(['stop', 'eos', null])(
  'an answer with calls ends with `tool_calls` although the service said %j',
  async (finishReason) => {
    async function* send() {
      yield chatUpdate({ contents: [{ type: 'function_call', callId: 'c1', name: 'look', arguments: '{}' }] });
      yield chatUpdate({ finishReason });
    }
    await using rig = await openRig({ openai: {}, agent: { client: { send } } });

    const streamed = await (await rig.post('/v1/chat/completions', { ...asking, stream: true })).text();
    const whole = await (await rig.post('/v1/chat/completions', asking)).json();

    expect(payloadsOf(streamed).at(-2)).toEqual(chunk({}, 'tool_calls'));
    expect(whole).toMatchObject({ choices: [{ finish_reason: 'tool_calls' }] });
  },
);

test('a failed answer is an error without a member, streamed and whole', async () => {
  await using rig = await openRig({ openai: {}, steps: [httpError(500), httpError(500)] });

  const streamed = await rig.post('/v1/chat/completions', streaming);
  const whole = await rig.post('/v1/chat/completions', asking);

  const error = { message: expect.any(String), type: 'server_error', param: null, code: 'server_error' };
  expect(payloadsOf(await streamed.text()).slice(1)).toEqual([{ error }]);
  expect([whole.status, await whole.json()]).toEqual([502, { error }]);
});

test('a refusal names the member, and has the id of the request', async () => {
  await using rig = await openRig({ openai: {} });

  const refused = await rig.post('/v1/chat/completions', { ...asking, temperature: 1 });

  const error = {
    message: 'This agent sets "temperature" itself. Leave it out.',
    type: 'invalid_request_error',
    param: 'temperature',
    code: 'unsupported_parameter',
  };
  expect([refused.status, await refused.json()]).toEqual([400, { error }]);
  expect(refused.headers.get('x-request-id')).toMatch(/^[\w-]{36}$/);
});

test('refusals for a missing token, a foreign host and too many answers have OpenAI’s shape', async () => {
  await using rig = await openRig({ openai: {}, hosts: ['127.0.0.1'], ceilings: { streamsPerUser: 0 } });
  const authorization = `Bearer ${TOKEN}`;
  const ask = async (headers: Record<string, string>): Promise<readonly unknown[]> => {
    const answer = await rig.app.inject({ method: 'POST', url: '/v1/chat/completions', headers, payload: asking });
    return [answer.statusCode, answer.json()];
  };

  const [foreign, elsewhere, busy] = [
    await ask({ host: '127.0.0.1' }),
    await ask({ host: 'example.com', authorization }),
    await ask({ host: '127.0.0.1', authorization }),
  ];

  const error = (type: string, code: string): object => ({
    error: { message: expect.any(String), type, param: null, code },
  });
  expect(foreign).toEqual([401, error('authentication_error', 'auth')]);
  expect(elsewhere).toEqual([403, error('permission_error', 'forbidden')]);
  expect(busy).toEqual([429, error('rate_limit_error', 'rate_limited')]);
});

test('an error in `authenticate` is a 500 that does not reveal it', async () => {
  await using rig = await openRig({
    openai: {},
    identity: { authenticate: () => Promise.reject(new Error('secret')) },
  });

  const failed = await rig.post('/v1/chat/completions', asking);

  const error = { message: expect.not.stringContaining('secret'), type: 'server_error', param: null };
  expect([failed.status, await failed.json()]).toMatchObject([500, { error }]);
});

test('the list of models has one', async () => {
  await using rig = await openRig({ openai: {} });

  const models = await (await rig.get('/v1/models')).json();

  expect(models).toEqual({
    object: 'list',
    data: [{ id: 'agent', object: 'model', created: 0, owned_by: 'turnstream' }],
  });
});
