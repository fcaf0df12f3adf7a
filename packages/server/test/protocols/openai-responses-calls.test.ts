// Calls in /v1/responses: the agent's, which the server runs, and those that the caller runs.
import { tool } from '@turnstream/core';
import { answer, callTool, reply } from '@turnstream/testkit';
import OpenAI from 'openai';
import type { ResponseInput } from 'openai/resources/responses/responses';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { openRig, type Rig, TOKEN } from '../app-rig.ts';
import { five, paying } from '../paying.ts';

const clientOf = ({ url }: Rig): OpenAI => new OpenAI({ apiKey: TOKEN, baseURL: `${url}/v1`, maxRetries: 0 });
const model = 'agent';
const weather = tool({
  name: 'get_weather',
  description: 'Weather of a city',
  parameters: z.object({ city: z.string() }),
  execute: () => 'secret rain',
});
const look = { type: 'function' as const, name: 'look', strict: false, parameters: { type: 'object', properties: {} } };

test('the server runs the agent’s tool without showing it, and the caller runs its own', async () => {
  const calls = answer([
    reply('Let me look.'),
    callTool('get_weather', { city: 'Oslo' }, { callId: 'call_1' }),
    callTool('look', ['{"at":', '"sky"}'], { callId: 'call_2' }),
  ]);
  await using rig = await openRig({ openai: {}, agent: { tools: [weather] }, steps: [calls, reply('Blue.')] });
  const { responses } = clientOf(rig);

  const first = await responses.stream({ model, input: 'What is the sky?', tools: [look] }).finalResponse();
  const output = [{ type: 'function_call_output' as const, call_id: 'call_2', output: 'blue' }];
  const second = await responses.create({ model, input: output, tools: [look], previous_response_id: first.id });

  expect(first.output).toMatchObject([
    { type: 'message', content: [{ text: 'Let me look.' }] },
    { type: 'function_call', call_id: 'call_2', name: 'look', arguments: '{"at":"sky"}', status: 'completed' },
  ]);
  expect(JSON.stringify(first)).not.toMatch(/secret|get_weather/);
  expect(second.output_text).toBe('Blue.');
  expect(rig.model.requests[1]!.texts).toEqual(['What is the sky?', 'Let me look.', 'secret rain', 'blue']);
  expect((await responses.retrieve(first.id)).output).toMatchObject([
    { type: 'message' },
    { type: 'function_call', call_id: 'call_2' },
  ]);
});

test('a server that shows its calls has them as mcp_call items, and takes them back', async () => {
  const failing = tool({ name: 'fail', description: 'Fails.', execute: () => Promise.reject(new Error('secret')) });
  const calls = answer([callTool('get_weather', ['{"city":', '"Oslo"}'], { callId: 'a' }), callTool('fail', '{}')]);
  const tools = [weather, failing];
  await using rig = await openRig({
    openai: { tools: 'shown' },
    agent: { tools },
    steps: [calls, reply('Rain.'), reply('Yes.')],
  });
  const { responses } = clientOf(rig);
  const stream = responses.stream({ model, input: 'Weather?' });
  const types: string[] = [];
  stream.on('event', ({ type }) => types.push(type.replace('response.', '')));

  const { id, output } = await stream.finalResponse();
  const input = [...output, { role: 'user', content: 'Sure?' }] as ResponseInput;
  await responses.create({ model, input, store: false });

  expect(output).toMatchObject([
    { type: 'mcp_call', name: 'get_weather', status: 'completed', arguments: '{"city":"Oslo"}', output: 'secret rain' },
    { type: 'mcp_call', name: 'fail', status: 'failed', output: null, error: { type: 'mcp_tool_execution_error' } },
    { type: 'message' },
  ]);
  expect(types).toEqual(expect.arrayContaining(['mcp_call_arguments.delta', 'mcp_call.completed', 'mcp_call.failed']));
  expect((await responses.retrieve(id)).output).toEqual(output.map((item) => expect.objectContaining({ id: item.id })));
  expect(rig.model.requests[2]?.texts).toEqual(['', 'secret rain', '', 'Error: Function failed.', 'Rain.', 'Sure?']);
});

const apis = ['responses', 'chat_completions'] as const;

test.each(apis)('a stream has a call in pieces, and a reference stands for it, over %s', async (api) => {
  const call = callTool('look', ['{"at":', '"sky"}'], { callId: 'call_1' });
  await using rig = await openRig({ openai: {}, api, steps: [call, reply('Blue.')] });
  const { responses } = clientOf(rig);
  const asking = { model, tools: [look] };

  const events = await Array.fromAsync(await responses.create({ ...asking, input: 'Look.', stream: true }));
  const end = events.at(-1);
  const id = end?.type === 'response.completed' ? end.response.output[0]?.id : undefined;
  const input: ResponseInput = [
    { type: 'item_reference', id: id ?? '' },
    { type: 'function_call_output', call_id: 'call_1', output: 'blue' },
  ];
  await responses.create({ ...asking, input, store: false });

  expect(events.map(({ type }) => type.replace('response.', ''))).toEqual([
    'created',
    'in_progress',
    'output_item.added',
    'function_call_arguments.delta',
    'function_call_arguments.delta',
    'function_call_arguments.done',
    'output_item.done',
    'completed',
  ]);
  expect(rig.model.requests[1]?.messages).toMatchObject([
    { role: 'assistant', calls: [{ callId: 'call_1', name: 'look', arguments: '{"at":"sky"}' }] },
    { role: 'tool', text: 'blue' },
  ]);
});

test.each([
  ['hidden', []],
  ['shown', [{ type: 'mcp_call', name: 'get_weather', status: 'incomplete', arguments: '{"city":' }]],
] as const)(
  'a call of the agent’s own tool that was cut short is not offered to the caller: %s',
  async (tools, output) => {
    const cut = callTool('get_weather', '{"city":', { finishReason: 'length' });
    await using rig = await openRig({ openai: { tools }, agent: { tools: [weather] }, steps: [cut] });
    const { responses, conversations } = clientOf(rig);
    const conversation = await conversations.create();

    const whole = await responses.create({ model, input: 'Weather?', conversation });
    const again = await responses.retrieve(whole.id);
    const items = await Array.fromAsync(conversations.items.list(conversation.id));

    for (const each of [whole, again]) expect(each).toMatchObject({ status: 'incomplete', output });
    expect(items).toMatchObject([{ type: 'message', role: 'user' }]);
  },
);

test('what an item leaves out is empty', async () => {
  await using rig = await openRig({ openai: {}, steps: [reply('Hm.')] });
  const input = [
    { type: 'mcp_call', id: 'mcp_1', name: 'get_weather' },
    { type: 'function_call', call_id: 'call_1', name: 'look' },
    { type: 'function_call_output', call_id: 'call_1' },
  ];

  await rig.post('/v1/responses', { model, input, store: false });

  expect(rig.model.requests[0]?.messages).toMatchObject([
    { role: 'assistant', text: '', calls: [{ callId: 'mcp_1', arguments: '{}' }] },
    { role: 'tool', text: '' },
    { role: 'assistant', text: '', calls: [{ callId: 'call_1', arguments: '{}' }] },
    { role: 'tool', text: '' },
  ]);
});

test('a caller that keeps the conversation sends its items back', async () => {
  await using rig = await openRig({ openai: {}, api: 'chat_completions', steps: [reply('Blue.')] });
  const input = [
    { role: 'user' as const, content: 'What is the sky?' },
    { type: 'reasoning' as const, id: 'rs_1', summary: [] },
    { role: 'assistant' as const, content: 'Let me look.' },
    { type: 'function_call' as const, call_id: 'call_2', name: 'look', arguments: '{}' },
    { type: 'function_call_output' as const, call_id: 'call_2', output: 'blue' },
  ];

  const { output_text: text } = await clientOf(rig).responses.create({ model, input, tools: [look], store: false });

  expect(text).toBe('Blue.');
  expect(rig.model.requests[0]!.messages).toMatchObject([
    { role: 'user', text: 'What is the sky?' },
    { role: 'assistant', text: 'Let me look.', calls: [{ callId: 'call_2' }] },
    { role: 'tool', text: 'blue' },
  ]);
});

test('a tool that needs approval cannot be asked about here, does not run, and leaves nothing', async () => {
  const { pay, paid } = paying();
  const asks = callTool('pay', [five]);
  await using rig = await openRig({ openai: {}, agent: { tools: [pay] }, steps: [asks, asks] });
  const { responses } = clientOf(rig);

  const whole = await responses.create({ model, input: 'Pay.' }).catch((error: unknown) => error);
  const streamed = await responses
    .stream({ model, input: 'Pay.' })
    .finalResponse()
    .catch((error: unknown) => error);

  for (const error of [whole, streamed])
    expect(error).toMatchObject({ message: expect.stringContaining('needs approval, which cannot be given here') });
  expect(paid).toEqual([]);
  expect(await (await rig.get('/sessions')).json()).toEqual({ sessions: [] });
});
