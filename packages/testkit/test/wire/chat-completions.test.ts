import { expect, test } from 'vitest';
import { mockModel, refuse, reply } from '../../src/index.ts';
import { chatBody, chatPath, postForFrames, postJson } from '../reader.ts';

const envelope = { id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1_700_000_000, model: 'gpt-4.1' };

function chunkOf(delta: object, finishReason: string | null = null): object {
  return { ...envelope, choices: [{ index: 0, delta, logprobs: null, finish_reason: finishReason }] };
}

test('a streamed answer is a role chunk, one chunk per text, a finish chunk and [DONE]', async () => {
  using model = mockModel(reply(['A lang', 'uage.']));

  const frames = await postForFrames(model, chatPath, chatBody);

  expect(frames).toEqual([
    chunkOf({ role: 'assistant', content: '', refusal: null }),
    chunkOf({ content: 'A lang' }),
    chunkOf({ content: 'uage.' }),
    chunkOf({}, 'stop'),
    '[DONE]',
  ]);
});

test('usage comes in a chunk without choices, only when asked for, and every other chunk announces it with null', async () => {
  using model = mockModel(reply('A language.', { usage: { inputTokens: 31, outputTokens: 8, cachedInputTokens: 4 } }));

  const frames = await postForFrames(model, chatPath, { ...chatBody, stream_options: { include_usage: true } });

  expect(frames.slice(-2)).toEqual([
    {
      ...envelope,
      choices: [],
      usage: {
        prompt_tokens: 31,
        completion_tokens: 8,
        total_tokens: 39,
        prompt_tokens_details: { cached_tokens: 4 },
        completion_tokens_details: { reasoning_tokens: 0 },
      },
    },
    '[DONE]',
  ]);
  expect(frames.slice(0, -2).map((frame) => (frame as { usage?: null }).usage)).toEqual([null, null, null]);
});

test('a service that reports no usage sends no usage chunk', async () => {
  using model = mockModel(reply('A language.', { usage: null }));

  const frames = await postForFrames(model, chatPath, { ...chatBody, stream_options: { include_usage: true } });

  expect(frames.at(-2)).toEqual({ ...chunkOf({}, 'stop'), usage: null });
});

test('a refusal is streamed in its own kind of delta', async () => {
  using model = mockModel(refuse(['I can', 'not.']));

  const frames = await postForFrames(model, chatPath, chatBody);

  expect(frames.slice(1, 4)).toEqual([
    chunkOf({ refusal: 'I can' }),
    chunkOf({ refusal: 'not.' }),
    chunkOf({}, 'stop'),
  ]);
});

test('a whole answer is one completion', async () => {
  using model = mockModel(reply(['A lang', 'uage.']), refuse('I cannot.', { finishReason: 'content_filter' }));

  const answer = await postJson(model, chatPath, { ...chatBody, stream: false });
  const refusal = await postJson(model, chatPath, { ...chatBody, stream: false });

  expect(answer).toEqual({
    ...envelope,
    object: 'chat.completion',
    choices: [
      {
        index: 0,
        message: { role: 'assistant', content: 'A language.', refusal: null, annotations: [] },
        logprobs: null,
        finish_reason: 'stop',
      },
    ],
    usage: {
      prompt_tokens: 3,
      completion_tokens: 2,
      total_tokens: 5,
      prompt_tokens_details: { cached_tokens: 0 },
      completion_tokens_details: { reasoning_tokens: 0 },
    },
  });
  expect(refusal).toMatchObject({
    choices: [{ message: { content: null, refusal: 'I cannot.' }, finish_reason: 'content_filter' }],
  });
});

test('an Azure deployment first reports on the prompt, and names the model', async () => {
  using model = mockModel(reply('Azure.'));
  const azure = { baseURL: `${model.origin}/openai/deployments/my-gpt` };
  const { model: _, ...withoutModel } = chatBody;

  const frames = await postForFrames(azure, `${chatPath}?api-version=2024-10-21`, withoutModel);

  expect(frames[0]).toEqual({
    ...envelope,
    id: '',
    model: '',
    choices: [],
    prompt_filter_results: [{ prompt_index: 0, content_filter_results: {} }],
  });
  expect(frames[1]).toMatchObject({ model: 'my-gpt', choices: [{ delta: { role: 'assistant' } }] });
  expect(model.requests[0]!.path).toBe('/openai/deployments/my-gpt/chat/completions?api-version=2024-10-21');
});
