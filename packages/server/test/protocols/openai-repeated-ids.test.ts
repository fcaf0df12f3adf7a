// A model service that restarts its call ids in every answer: a caller's call has the id of one that the server ran.
import { background, callTool, type ReplyStep, reply } from '@turnstream/testkit';
import OpenAI from 'openai';
import { expect, test } from 'vitest';
import { openRig, type Rig, TOKEN } from '../app-rig.ts';
import { asked, look, weather } from './openai-chat-calls.ts';
import { type Json, json } from './openai-json.ts';

const clientOf = ({ url }: Rig): OpenAI => new OpenAI({ apiKey: TOKEN, baseURL: `${url}/v1`, maxRetries: 0 });
const asking = { model: 'agent', tools: [{ type: 'function' as const, strict: false, ...look.function }] };
const output = { type: 'function_call_output' as const, call_id: 'call_0_2', output: 'blue' };

/** The agent's tool runs, then the caller's is called. */
const calls = (): readonly ReplyStep[] => [
  callTool('get_weather', { city: 'Oslo' }, { callId: 'call_0' }),
  callTool('look', { at: 'sky' }, { callId: 'call_0' }),
];

test('a call that repeats the id of an earlier one reaches the caller of Chat Completions, streamed and whole', async () => {
  await using rig = await openRig({ openai: {}, agent: { tools: [weather] }, steps: [...calls(), ...calls()] });
  const { completions } = clientOf(rig).chat;
  const body = { ...asked('Look.'), tools: [look] };

  const streamed = await completions.stream(body).finalChatCompletion();
  const whole = await completions.create(body);

  const called = { id: 'call_0_2', function: { name: 'look', arguments: '{"at":"sky"}' } };
  for (const { choices } of [streamed, whole]) expect(choices[0]!.message.tool_calls).toMatchObject([called]);
});

test('a call that repeats an id is in the response however it is read, and accepts its output', async () => {
  const steps = [...calls(), ...calls(), reply('Blue.')];
  await using rig = await openRig({ openai: {}, agent: { tools: [weather] }, steps });
  const { responses } = clientOf(rig);

  const streamed = await responses.stream({ ...asking, input: 'Look.' }).finalResponse();
  const whole = await responses.create({ ...asking, input: 'Look.' });
  const again = await responses.retrieve(whole.id);
  const next = await responses.create({ ...asking, input: [output], previous_response_id: whole.id });

  const called = { type: 'function_call', call_id: 'call_0_2', name: 'look', arguments: '{"at":"sky"}' };
  for (const each of [streamed, whole, again]) expect(each.output).toMatchObject([called]);
  expect(next.output_text).toBe('Blue.');
  expect(rig.model.requests.at(-1)?.texts).toEqual(['Look.', '', 'secret rain', '', 'blue']);
});

test('a call that repeats an id is in a background response, streamed and whole', async () => {
  const steps = calls().map((each) => background(each));
  await using rig = await openRig({ openai: {}, agent: { tools: [weather] }, steps });
  const { responses } = clientOf(rig);

  const events = await Array.fromAsync(
    await responses.create({ ...asking, input: 'Look.', background: true, stream: true }),
  );

  const end = events.at(-1);
  const streamed = end?.type === 'response.completed' ? end.response : null;
  const called = { type: 'function_call', call_id: 'call_0_2', name: 'look', arguments: '{"at":"sky"}' };
  expect(streamed?.output).toMatchObject([called]);
  expect((await responses.retrieve(streamed?.id ?? '')).output).toMatchObject([called]);
});

test('calls of different tools with the same id are shown under their own names', async () => {
  const found = callTool('find', {}, { callId: 'call_0' });
  const find = { ...weather, name: 'find' };
  const steps = [calls()[0]!, found, reply('Rain.')];
  await using rig = await openRig({ openai: { tools: 'shown' }, agent: { tools: [weather, find] }, steps });

  const { output: items } = await json(rig.post('/v1/responses', { model: 'agent', input: 'Weather?' }));

  expect(items).toMatchObject([
    { type: 'mcp_call', name: 'get_weather', arguments: '{"city":"Oslo"}' },
    { type: 'mcp_call', name: 'find', arguments: '{}' },
    { type: 'message' },
  ]);
});

test('a conversation lists the caller’s call and its output although another call has the same id', async () => {
  const steps = [...calls(), callTool('look', { at: 'sea' }, { callId: 'call_0' })];
  await using rig = await openRig({ openai: {}, agent: { tools: [weather] }, steps });
  const { id } = await json(rig.post('/v1/conversations'));
  await rig.post('/v1/responses', { ...asking, conversation: id, input: 'Look.' });
  await rig.post('/v1/responses', { ...asking, conversation: id, input: [output] });

  const listed = await json(rig.get(`/v1/conversations/${id}/items?order=asc`));

  expect((listed as Json & { readonly data: readonly object[] }).data).toMatchObject([
    { type: 'message' },
    { type: 'function_call', name: 'look', arguments: '{"at":"sky"}' },
    { type: 'function_call_output', output: 'blue' },
    { type: 'function_call', name: 'look', arguments: '{"at":"sea"}' },
  ]);
});
