import { expect, test } from 'vitest';
import { mockModel, refuse, reply } from '../../src/index.ts';
import { framesIn, post, postForFrames, postJson, readText, responsesBody, responsesPath } from '../reader.ts';

const place = { item_id: 'msg_1', output_index: 0, content_index: 0 };

function responseOf(fields: object): object {
  return {
    id: 'resp_1',
    object: 'response',
    created_at: 1_700_000_000,
    status: 'in_progress',
    background: false,
    error: null,
    incomplete_details: null,
    instructions: 'Be brief.',
    model: 'gpt-4.1',
    output: [],
    parallel_tool_calls: true,
    previous_response_id: null,
    store: true,
    tool_choice: 'auto',
    tools: [],
    usage: null,
    ...fields,
  };
}

function messageOf(status: string, content: object[]): object {
  return { type: 'message', id: 'msg_1', role: 'assistant', status, content };
}

const usage = {
  input_tokens: 5,
  input_tokens_details: { cached_tokens: 0 },
  output_tokens: 2,
  output_tokens_details: { reasoning_tokens: 0 },
  total_tokens: 7,
};

test('a streamed answer is the full event sequence around one message', async () => {
  using model = mockModel(reply(['A lang', 'uage.']));
  const part = { type: 'output_text', text: 'A language.', annotations: [], logprobs: [] };

  const frames = await postForFrames(model, responsesPath, { ...responsesBody, instructions: 'Be brief.' });

  const done = messageOf('completed', [part]);
  expect(frames).toEqual([
    { type: 'response.created', sequence_number: 0, response: responseOf({}) },
    { type: 'response.in_progress', sequence_number: 1, response: responseOf({}) },
    { type: 'response.output_item.added', sequence_number: 2, output_index: 0, item: messageOf('in_progress', []) },
    { type: 'response.content_part.added', sequence_number: 3, ...place, part: { ...part, text: '' } },
    { type: 'response.output_text.delta', sequence_number: 4, ...place, delta: 'A lang', logprobs: [] },
    { type: 'response.output_text.delta', sequence_number: 5, ...place, delta: 'uage.', logprobs: [] },
    { type: 'response.output_text.done', sequence_number: 6, ...place, text: 'A language.', logprobs: [] },
    { type: 'response.content_part.done', sequence_number: 7, ...place, part },
    { type: 'response.output_item.done', sequence_number: 8, output_index: 0, item: done },
    {
      type: 'response.completed',
      sequence_number: 9,
      response: responseOf({ status: 'completed', output: [done], usage }),
    },
  ]);
});

test('each event is named by its type, and there is no [DONE]', async () => {
  using model = mockModel(reply('A'));

  const frames = framesIn(await readText(await post(model, responsesPath, responsesBody)));

  expect(frames).toHaveLength(9);
  for (const { event, data } of frames) expect((JSON.parse(data) as { type: string }).type).toBe(event);
});

test('a refusal has its own events and content part', async () => {
  using model = mockModel(refuse(['I can', 'not.']));

  const frames = await postForFrames(model, responsesPath, responsesBody);

  expect(frames.slice(3, 8)).toEqual([
    { type: 'response.content_part.added', sequence_number: 3, ...place, part: { type: 'refusal', refusal: '' } },
    { type: 'response.refusal.delta', sequence_number: 4, ...place, delta: 'I can' },
    { type: 'response.refusal.delta', sequence_number: 5, ...place, delta: 'not.' },
    { type: 'response.refusal.done', sequence_number: 6, ...place, refusal: 'I cannot.' },
    {
      type: 'response.content_part.done',
      sequence_number: 7,
      ...place,
      part: { type: 'refusal', refusal: 'I cannot.' },
    },
  ]);
  expect(frames.at(-1)).toMatchObject({
    type: 'response.completed',
    response: { output: [{ content: [{ type: 'refusal', refusal: 'I cannot.' }] }] },
  });
});

test.each([
  ['length', 'max_output_tokens'],
  ['content_filter', 'content_filter'],
] as const)('an answer stopped by %s is incomplete, because of %s', async (finishReason, reason) => {
  using model = mockModel(reply('A', { finishReason }), reply('A', { finishReason }));
  const incomplete = { status: 'incomplete', incomplete_details: { reason }, output: [{ status: 'incomplete' }] };

  const frames = await postForFrames(model, responsesPath, responsesBody);
  const answer = await postJson(model, responsesPath, { ...responsesBody, stream: false });

  expect(frames.at(-1)).toMatchObject({ type: 'response.incomplete', response: incomplete });
  expect(answer).toMatchObject(incomplete);
});

test('a whole answer is the response object, which echoes the request', async () => {
  using model = mockModel(reply('A language.', { id: 'resp_b', usage: null }), reply('A'), reply('A'));
  const body = { model: 'gpt-4.1', input: 'And now?' };

  const answer = await postJson(model, responsesPath, { ...body, previous_response_id: 'resp_a', store: false });
  const named = await postJson(model, responsesPath, { ...body, conversation: 'conv_a' });
  const wrapped = await postJson(model, responsesPath, { ...body, conversation: { id: 'conv_a' } });

  expect(answer).toEqual(
    responseOf({
      id: 'resp_b',
      instructions: null,
      status: 'completed',
      previous_response_id: 'resp_a',
      store: false,
      output: [messageOf('completed', [{ type: 'output_text', text: 'A language.', annotations: [], logprobs: [] }])],
    }),
  );
  expect([named['conversation'], wrapped['conversation']]).toEqual([{ id: 'conv_a' }, { id: 'conv_a' }]);
});
