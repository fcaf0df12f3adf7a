// A tool call as a part of an answer, over both APIs: cut, whole, broken, counted, and never asked for.
import { expect, test } from 'vitest';
import { answer, callTool, mockModel, refuse, reply, truncateAfter } from '../../src/index.ts';
import { bothApis, chatBody, chatPath, postForFrames, postJson, responsesBody, responsesPath } from '../reader.ts';
import { calling, chatDeltas, fragment, itemEvents, type Json, oslo } from '../wire/call-tool-frames.ts';

test('arguments cut by the length limit stay cut, and only that item is incomplete', async () => {
  const step = answer([reply('Let me look.'), callTool('get_weather', '{"city":"Os')], { finishReason: 'length' });

  const { last } = await itemEvents(step);

  expect((await chatDeltas(step)).slice(-2)).toEqual([calling(0, fragment('{"city":"Os')), 'length']);
  expect(last).toMatchObject({
    type: 'response.incomplete',
    response: {
      status: 'incomplete',
      incomplete_details: { reason: 'max_output_tokens' },
      output: [{ status: 'completed' }, { arguments: '{"city":"Os', status: 'incomplete' }],
    },
  });
});

test('a whole answer has the text and the calls in one message, or each as an item', async () => {
  const step = answer([reply('Let me look.'), callTool('get_weather', oslo), callTool('get_time', {})]);
  using model = mockModel(step, callTool('get_time', {}, { callId: null }), step);

  const chat = await postJson(model, chatPath, { ...chatBody, stream: false });
  const alone = await postJson(model, chatPath, { ...chatBody, stream: false });
  const response = await postJson(model, responsesPath, { ...responsesBody, stream: false });

  expect(chat['choices']).toMatchObject([
    {
      message: {
        content: 'Let me look.',
        refusal: null,
        tool_calls: [
          { id: 'call_1_1', type: 'function', function: { name: 'get_weather', arguments: '{"city":"Oslo"}' } },
          { id: 'call_1_2', type: 'function', function: { name: 'get_time', arguments: '{}' } },
        ],
      },
      finish_reason: 'tool_calls',
    },
  ]);
  const [{ message }] = alone['choices'] as [{ message: Json }];
  expect(message['content']).toBeNull();
  expect(message['tool_calls']).toEqual([{ type: 'function', function: { name: 'get_time', arguments: '{}' } }]);
  expect(response).toMatchObject({
    status: 'completed',
    output: [
      { type: 'message', id: 'msg_3', content: [{ text: 'Let me look.' }] },
      { type: 'function_call', id: 'fc_3_1', call_id: 'call_3_1', arguments: '{"city":"Oslo"}' },
      { type: 'function_call', id: 'fc_3_2', call_id: 'call_3_2', arguments: '{}' },
    ],
  });
});

test.each(bothApis)('faults and counts treat the fragments of a call as chunks, over %s', async (_, path, body) => {
  const step = answer([reply('A'), callTool('get_weather', oslo)], { fault: truncateAfter({ chunks: 2 }) });
  using model = mockModel(step, callTool('get_weather', oslo, { argumentsIn: 'done' }));

  const frames = await postForFrames(model, path, body);
  await postForFrames(model, path, body);

  expect(JSON.stringify(frames.at(-1))).toContain(JSON.stringify('{"city":').slice(1, -1));
  expect(model.requests.map(({ chunksSent }) => chunksSent)).toEqual([2, 1]);
});

test('options of the parts apply to the whole answer, and its own options override them', async () => {
  const parts = [
    reply('A', { id: 'a', usage: null }),
    callTool('get_time', {}, { id: 'b', usage: { inputTokens: 1, outputTokens: 2 } }),
  ];
  using model = mockModel(answer(parts), answer(parts, { id: 'c', finishReason: 'stop' }));

  const first = await postJson(model, chatPath, { ...chatBody, stream: false });
  const second = await postJson(model, chatPath, { ...chatBody, stream: false });

  expect(first).toMatchObject({ id: 'b', usage: { total_tokens: 3 }, choices: [{ finish_reason: 'tool_calls' }] });
  expect(second).toMatchObject({ id: 'c', choices: [{ finish_reason: 'stop' }] });
});

test('an unused call is named', () => {
  const model = mockModel(callTool('get_time', {}), answer([reply('A'), refuse('B'), callTool('get_time', 'x')]));

  expect(() => model[Symbol.dispose]()).toThrow(
    'step 1 of 2 was never used: callTool("get_time", "{}")\n' +
      '- step 2 of 2 was never used: answer([reply("A"), refuse("B"), callTool("get_time", "x")])',
  );
});
