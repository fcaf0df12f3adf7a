import { expect, test } from 'vitest';
import { answer, callTool, mockModel, refuse, reply, type Step, truncateAfter } from '../src/index.ts';
import { bothApis, chatBody, chatPath, post, postForFrames, postJson, responsesBody, responsesPath } from './reader.ts';

type Json = Record<string, unknown>;

const oslo = ['{"city":', '"Oslo"}'];
const lima = ['{"city":', '"Lima"}'];

/** The deltas of a streamed Chat Completions answer, its finish reason at the end. */
async function chatDeltas(step: Step): Promise<unknown[]> {
  using model = mockModel(step);
  const frames = (await postForFrames(model, chatPath, chatBody)) as (string | Json)[];
  expect(frames.at(-1)).toBe('[DONE]');
  return frames.slice(0, -1).map((frame) => {
    const [choice] = (frame as { choices: [{ delta: Json; finish_reason: string | null }] }).choices;
    return choice.finish_reason ?? choice.delta;
  });
}

/** The events of a streamed Responses answer without the two that open it and the one that ends it. */
async function itemEvents(step: Step): Promise<{ events: Json[]; last: Json }> {
  using model = mockModel(step);
  const frames = (await postForFrames(model, responsesPath, responsesBody)) as Json[];
  expect(frames.map((frame) => frame['sequence_number'])).toEqual(frames.map((_, index) => index));
  const events = frames.slice(2, -1);
  for (const event of events) delete event['sequence_number'];
  return { events, last: frames.at(-1)! };
}

function calling(index: number, fields: Json): Json {
  return { tool_calls: [{ index, ...fields }] };
}

function opened(id: string): Json {
  return { id, type: 'function', function: { name: 'get_weather', arguments: '' } };
}

function fragment(text: string): Json {
  return { function: { arguments: text } };
}

test('Chat Completions streams a call as its id and name, then the fragments of its arguments', async () => {
  expect(await chatDeltas(callTool('get_weather', oslo))).toEqual([
    { role: 'assistant', content: null, refusal: null },
    calling(0, opened('call_1_1')),
    calling(0, fragment('{"city":')),
    calling(0, fragment('"Oslo"}')),
    'tool_calls',
  ]);
});

test('Chat Completions streams text, then parallel calls one after the other', async () => {
  const step = answer([
    reply('Let me look.'),
    callTool('get_weather', { city: 'Oslo' }, { callId: 'call_a' }),
    callTool('get_weather', { city: 'Lima' }),
  ]);

  expect(await chatDeltas(step)).toEqual([
    { role: 'assistant', content: '', refusal: null },
    { content: 'Let me look.' },
    calling(0, opened('call_a')),
    calling(0, fragment('{"city":"Oslo"}')),
    calling(1, opened('call_1_2')),
    calling(1, fragment('{"city":"Lima"}')),
    'tool_calls',
  ]);
});

test('interleaved calls begin together and take turns, on Chat Completions', async () => {
  const step = answer([callTool('get_weather', oslo), callTool('get_weather', lima)], { interleave: true });

  expect(await chatDeltas(step)).toEqual([
    { role: 'assistant', content: null, refusal: null },
    calling(0, opened('call_1_1')),
    calling(1, opened('call_1_2')),
    calling(0, fragment('{"city":')),
    calling(1, fragment('{"city":')),
    calling(0, fragment('"Oslo"}')),
    calling(1, fragment('"Lima"}')),
    'tool_calls',
  ]);
});

test('a Chat Completions call may lack its id or its index, claim another one, or be named late', async () => {
  const step = answer([
    callTool('get_weather', oslo, { callId: null }),
    callTool('get_weather', lima, { index: 0, callId: 'call_b' }),
    callTool('get_time', '{}', { index: null, lateName: true, callId: 'call_c' }),
  ]);

  expect((await chatDeltas(step)).slice(1, -1)).toEqual([
    calling(0, { type: 'function', function: { name: 'get_weather', arguments: '' } }),
    calling(0, fragment('{"city":')),
    calling(0, fragment('"Oslo"}')),
    calling(0, opened('call_b')),
    calling(0, fragment('{"city":')),
    calling(0, fragment('"Lima"}')),
    { tool_calls: [{ id: 'call_c', type: 'function', function: { arguments: '' } }] },
    { tool_calls: [fragment('{}')] },
    { tool_calls: [{ function: { name: 'get_time' } }] },
  ]);
});

test.each(['done', 'item'] as const)(
  'Chat Completions sends a call in one delta for arguments in %s',
  async (where) => {
    expect(await chatDeltas(callTool('get_weather', oslo, { argumentsIn: where }))).toEqual([
      { role: 'assistant', content: null, refusal: null },
      calling(0, {
        id: 'call_1_1',
        type: 'function',
        function: { name: 'get_weather', arguments: '{"city":"Oslo"}' },
      }),
      'tool_calls',
    ]);
  },
);

function callItem(place: number, args: string, fields: Json = {}): Json {
  return {
    type: 'function_call',
    id: `fc_1_${place}`,
    call_id: `call_1_${place}`,
    name: 'get_weather',
    arguments: args,
    status: args === '' ? 'in_progress' : 'completed',
    ...fields,
  };
}

test('Responses streams a call as an item of its own after the message', async () => {
  const { events, last } = await itemEvents(answer([reply('Let me look.'), callTool('get_weather', oslo)]));

  const at = { item_id: 'fc_1_1', output_index: 1 };
  const whole = '{"city":"Oslo"}';
  expect(events.slice(0, 6).map(({ type }) => type)).toEqual([
    'response.output_item.added',
    'response.content_part.added',
    'response.output_text.delta',
    'response.output_text.done',
    'response.content_part.done',
    'response.output_item.done',
  ]);
  expect(events.slice(6)).toEqual([
    { type: 'response.output_item.added', output_index: 1, item: callItem(1, '') },
    { type: 'response.function_call_arguments.delta', ...at, delta: '{"city":' },
    { type: 'response.function_call_arguments.delta', ...at, delta: '"Oslo"}' },
    { type: 'response.function_call_arguments.done', ...at, name: 'get_weather', arguments: whole },
    { type: 'response.output_item.done', output_index: 1, item: callItem(1, whole) },
  ]);
  expect(last).toMatchObject({
    type: 'response.completed',
    response: { status: 'completed', output: [{ id: 'msg_1', status: 'completed' }, callItem(1, whole)] },
  });
});

test('interleaved calls begin together and take turns, on Responses, between what is said before and after', async () => {
  const calls = [callTool('get_weather', oslo), callTool('get_weather', lima)];
  const { events, last } = await itemEvents(answer([reply('Hm.'), ...calls, reply('Done.')], { interleave: true }));

  const said = ({ type }: Json): boolean => type === 'response.output_text.delta' || /call|item/.test(type as string);
  expect(events.filter(said).map(({ type, output_index, delta }) => [type, output_index, delta])).toEqual([
    ['response.output_item.added', 0, undefined],
    ['response.output_text.delta', 0, 'Hm.'],
    ['response.output_item.done', 0, undefined],
    ['response.output_item.added', 1, undefined],
    ['response.output_item.added', 2, undefined],
    ['response.function_call_arguments.delta', 1, '{"city":'],
    ['response.function_call_arguments.delta', 2, '{"city":'],
    ['response.function_call_arguments.delta', 1, '"Oslo"}'],
    ['response.function_call_arguments.delta', 2, '"Lima"}'],
    ['response.function_call_arguments.done', 1, undefined],
    ['response.output_item.done', 1, undefined],
    ['response.function_call_arguments.done', 2, undefined],
    ['response.output_item.done', 2, undefined],
    ['response.output_item.added', 3, undefined],
    ['response.output_text.delta', 3, 'Done.'],
    ['response.output_item.done', 3, undefined],
  ]);
  expect((last['response'] as { output: Json[] }).output.map(({ id }) => id)).toEqual([
    'msg_1',
    'fc_1_1',
    'fc_1_2',
    'msg_1_2',
  ]);
});

test('a Responses call may come without deltas, without arguments.done, without an id, or be named late', async () => {
  const { events } = await itemEvents(
    answer([
      callTool('get_weather', oslo, { argumentsIn: 'done', callId: null }),
      callTool('get_weather', lima, { argumentsIn: 'item', lateName: true }),
    ]),
  );

  const { call_id: _, ...withoutId } = callItem(1, '{"city":"Oslo"}');
  expect(events.map(({ type }) => (type as string).replace('response.', ''))).toEqual([
    'output_item.added',
    'function_call_arguments.done',
    'output_item.done',
    'output_item.added',
    'output_item.done',
  ]);
  expect(events[2]!['item']).toEqual(withoutId);
  expect(events[3]!['item']).toEqual(callItem(2, '', { name: '' }));
  expect(events[4]!['item']).toEqual(callItem(2, '{"city":"Lima"}'));
});

test('arguments cut by the length limit end as they are, and only the cut item is incomplete', async () => {
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

test.each(bothApis)('faults and counts know the fragments of a call as chunks, over %s', async (_, path, body) => {
  const step = answer([reply('A'), callTool('get_weather', oslo)], { fault: truncateAfter({ chunks: 2 }) });
  using model = mockModel(step, callTool('get_weather', oslo, { argumentsIn: 'done' }));

  const frames = await postForFrames(model, path, body);
  await postForFrames(model, path, body);

  expect(JSON.stringify(frames.at(-1))).toContain(JSON.stringify('{"city":').slice(1, -1));
  expect(model.requests.map(({ chunksSent }) => chunksSent)).toEqual([2, 1]);
});

test('options of the parts count for the whole answer, those of the answer itself first', async () => {
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

test('a call that nobody asked for is named', () => {
  const model = mockModel(callTool('get_time', {}), answer([reply('A'), refuse('B'), callTool('get_time', 'x')]));

  expect(() => model[Symbol.dispose]()).toThrow(
    'step 1 of 2 was never asked for: callTool("get_time", "{}")\n' +
      '- step 2 of 2 was never asked for: answer([reply("A"), refuse("B"), callTool("get_time", "x")])',
  );
});

const parameters = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] };
const call = { callId: 'call_a', name: 'get_weather', arguments: '{"city":"Oslo"}' };
const otherCall = { callId: 'call_b', name: 'get_time', arguments: '{}' };

const sentWithTools: Record<string, unknown>[] = [
  {
    messages: [
      { role: 'user', content: 'Hi.' },
      {
        role: 'assistant',
        content: 'Let me look.',
        tool_calls: [call, otherCall].map(({ callId, ...said }) => ({ id: callId, type: 'function', function: said })),
      },
      { role: 'tool', tool_call_id: 'call_a', content: 'Snow' },
      {
        role: 'tool',
        tool_call_id: 'call_b',
        content: [
          { type: 'text', text: 'No' },
          { type: 'text', text: 'on' },
        ],
      },
    ],
    tools: [
      { type: 'function', function: { name: 'get_weather', description: 'Weather.', parameters } },
      { type: 'function', function: { name: 'get_time' } },
    ],
    tool_choice: { type: 'function', function: { name: 'get_time' } },
  },
  {
    input: [
      { role: 'user', content: 'Hi.' },
      { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'Let me look.' }] },
      { type: 'function_call', call_id: 'call_a', name: call.name, arguments: call.arguments },
      { type: 'function_call', call_id: 'call_b', name: otherCall.name, arguments: otherCall.arguments },
      { type: 'function_call_output', call_id: 'call_a', output: 'Snow' },
      { type: 'function_call_output', call_id: 'call_b', output: [{ type: 'input_text', text: 'Noon' }] },
    ],
    tools: [
      { type: 'function', name: 'get_weather', description: 'Weather.', parameters, strict: false },
      { type: 'function', name: 'get_time' },
      { type: 'custom', name: 'run_code' },
    ],
    tool_choice: { type: 'function', name: 'get_time' },
  },
];

test('calls, results, tools and the choice among them are read the same from both APIs', async () => {
  using model = mockModel(reply('A'), reply('B'));

  await post(model, chatPath, sentWithTools[0]);
  await post(model, responsesPath, sentWithTools[1]);

  for (const request of model.requests) {
    expect(request).toMatchObject({
      tools: [
        { name: 'get_weather', description: 'Weather.', parameters },
        { name: 'get_time', description: null, parameters: {} },
      ],
      toolChoice: { name: 'get_time' },
    });
    expect(request.messages).toEqual([
      { role: 'user', text: 'Hi.' },
      { role: 'assistant', text: 'Let me look.', calls: [call, otherCall] },
      { role: 'tool', text: 'Snow', callId: 'call_a' },
      { role: 'tool', text: 'Noon', callId: 'call_b' },
    ]);
  }
});

test('a call without a message before it makes one, and a choice may be a word or nothing', async () => {
  using model = mockModel(reply('A'), reply('B'));
  const { name, arguments: args } = call;

  await post(model, responsesPath, {
    input: [
      { role: 'user', content: 'Hi.' },
      { type: 'function_call', call_id: 'call_a', name, arguments: args },
    ],
    tool_choice: 'required',
  });
  await post(model, responsesPath, { input: 'Hi.' });

  expect(model.requests[0]!.messages[1]).toEqual({ role: 'assistant', text: '', calls: [call] });
  expect(model.requests.map(({ toolChoice }) => toolChoice)).toEqual(['required', null]);
  expect(model.requests[1]!.tools).toEqual([]);
});
