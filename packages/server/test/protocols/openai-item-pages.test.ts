// Lists of items, page by page: the input of a response, and the items of a conversation.
import { tool } from '@turnstream/core';
import { answer, callTool, refuse, reply } from '@turnstream/testkit';
import { expect, test } from 'vitest';
import { openRig } from '../app-rig.ts';
import { five, paying } from '../paying.ts';
import { type Json, json } from './openai-json.ts';
import { itemIdOf } from './openai-response-items.ts';
import { openRich } from './openai-rich-answer.ts';

const model = 'agent';
const status = 'completed';

const asked = (text: string): object => ({
  type: 'message',
  status,
  role: 'user',
  content: [{ type: 'input_text', text }],
});
const answered = (...content: readonly object[]): object => ({ type: 'message', status, role: 'assistant', content });
const text = (said: string): object => ({ type: 'output_text', text: said, annotations: [] });

/** A page of these items, whose ids are known. */
function page(data: readonly { readonly id: string }[], has_more = false): object {
  return { object: 'list', data, first_id: data.at(0)?.id ?? null, last_id: data.at(-1)?.id ?? null, has_more };
}

test('the input of a response has an item for every content, newest first or oldest first', async () => {
  await using rig = await openRig({ openai: {}, api: 'chat_completions', steps: [reply('Blue.')] });
  const input = [
    {
      role: 'user',
      content: [
        { type: 'input_text', text: 'What is ' },
        { type: 'input_text', text: 'the sky?' },
      ],
    },
    { role: 'assistant', content: 'Let me look.' },
    { role: 'assistant', content: [{ type: 'refusal', refusal: 'Not at the sun.' }] },
    { type: 'function_call', call_id: 'call_1', name: 'look', arguments: '{"at":"sky"}' },
    { type: 'function_call_output', call_id: 'call_1', output: 'blue' },
  ];
  const { id } = await json(rig.post('/v1/responses', { model, input }));
  const listed = (query: string): Promise<Json> => json(rig.get(`/v1/responses/${id}/input_items?${query}`));

  const [newest, oldest] = [await listed(''), await listed('order=asc')];

  const items = [
    asked('What is the sky?'),
    answered(text('Let me look.')),
    answered({ type: 'refusal', refusal: 'Not at the sun.' }),
    { type: 'function_call', status, call_id: 'call_1', name: 'look', arguments: '{"at":"sky"}' },
    { type: 'function_call_output', status, call_id: 'call_1', output: 'blue' },
  ].map((item, index) => ({ ...item, id: itemIdOf(id, 'in', index) }));
  expect(oldest).toEqual(page(items));
  expect(newest).toEqual(page(items.toReversed()));
});

test('a page has 20 items or as many as are asked for, and the next one begins after an item', async () => {
  await using rig = await openRig({ openai: {}, steps: [reply('Hi.')] });
  const texts = Array.from({ length: 22 }, (_, index) => String(index));
  const input = texts.map((content) => ({ role: 'user', content }));
  const { id } = await json(rig.post('/v1/responses', { model, input }));
  const listed = (query: string): Promise<Json> => json(rig.get(`/v1/responses/${id}/input_items?${query}`));
  const items = texts.map((each, index) => ({ ...asked(each), id: itemIdOf(id, 'in', index) })).toReversed();

  const first = await listed('');
  const second = await listed(`after=${items[19]!.id}&limit=2`);
  const third = await listed(`after=${items[21]!.id}`);

  expect(first).toEqual(page(items.slice(0, 20), true));
  expect(second).toEqual(page(items.slice(20)));
  expect(third).toEqual(page([]));
});

test.each([
  ['limit=0', { code: 'input_invalid', param: null, message: expect.stringContaining('limit') }],
  ['limit=101', { code: 'input_invalid', param: null, message: expect.stringContaining('limit') }],
  ['order=up', { code: 'input_invalid', param: null, message: expect.stringContaining('order') }],
  ['after=in_1', { code: 'invalid_value', param: 'after', message: 'There is no item with this id.' }],
])('no page is listed for %s', async (query, error) => {
  await using rig = await openRig({ openai: {} });
  const { id } = await json(rig.post('/v1/conversations', { items: [{ role: 'user', content: 'Hi' }] }));

  const refused = await rig.get(`/v1/conversations/${id}/items?${query}`);

  expect([refused.status, await refused.json()]).toEqual([400, { error: { ...error, type: 'invalid_request_error' } }]);
});

test('a conversation lists what the caller added and was answered, without the calls that the server ran', async () => {
  const find = tool({ name: 'find', description: 'Finds.', execute: () => 'a map' });
  const calls = answer([callTool('find', {}, { callId: 'f' }), callTool('look', '{}', { callId: 'c' })]);
  await using rig = await openRig({
    openai: {},
    agent: { tools: [find] },
    steps: [calls, answer([reply('Far.'), refuse('No.')])],
  });
  const call = { type: 'function_call', call_id: 'f', name: 'find', arguments: '{}' };
  const output = { type: 'function_call_output', call_id: 'f', output: 'an old map' };
  const before = [{ role: 'user', content: 'Earlier' }, call, output];
  const { id } = await json(rig.post('/v1/conversations', { items: before }));
  const asking = { model, conversation: id, tools: [{ type: 'function', name: 'look', parameters: {} }] };

  await rig.post('/v1/responses', { ...asking, input: 'Where?' });
  await rig.post('/v1/responses', {
    ...asking,
    input: [{ type: 'function_call_output', call_id: 'c', output: 'a hill' }],
  });
  const added = await json(rig.post(`/v1/conversations/${id}/items`, { items: [call, { ...output, output: 'late' }] }));
  const listed = await json(rig.get(`/v1/conversations/${id}/items?order=asc`));

  const items = [
    asked('Earlier'),
    { ...call, status },
    { ...output, status },
    asked('Where?'),
    { type: 'function_call', status, call_id: 'c', name: 'look', arguments: '{}' },
    { type: 'function_call_output', status, call_id: 'c', output: 'a hill' },
    answered(text('Far.')),
    answered({ type: 'refusal', refusal: 'No.' }),
    { ...call, status },
    { ...output, status, output: 'late' },
  ].map((item, index) => ({ ...item, id: `item_${id.slice('conv_'.length)}_${index}` }));
  expect(listed).toEqual(page(items));
  expect(added).toEqual(page(items.slice(-2)));
});

test('a conversation lists a call and its output that the caller sent with the question', async () => {
  await using rig = await openRig({ openai: {}, steps: [reply('Far.')] });
  const { id: conversation } = await json(rig.post('/v1/conversations'));
  const call = { type: 'function_call', call_id: 'c', name: 'look', arguments: '{}' };
  const output = { type: 'function_call_output', call_id: 'c', output: 'a hill' };
  const input = [{ role: 'user', content: 'Where?' }, call, output];
  await rig.post('/v1/responses', { model, conversation, input });

  const listed = await json(rig.get(`/v1/conversations/${conversation}/items?order=asc`));

  const items = [asked('Where?'), { ...call, status }, { ...output, status }, answered(text('Far.'))];
  const named = items.map((item, index) => ({ ...item, id: `item_${conversation.slice('conv_'.length)}_${index}` }));
  expect(listed).toEqual(page(named));
});

test('a conversation lists neither a call that was approved nor its result', async () => {
  const { pay } = paying();
  const steps = [callTool('pay', [five], { callId: 'c' }), reply('Paid.')];
  await using rig = await openRig({ openai: {}, agent: { tools: [pay] }, steps });
  const { sessionId } = await (await rig.post('/chat', { message: 'Pay.' })).json();
  await rig.post('/chat', { sessionId, approvals: [{ callId: 'c', arguments: five, approved: true }] });

  const listed = await json(rig.get(`/v1/conversations/conv_${sessionId}/items?order=asc`));

  const items = [asked('Pay.'), answered(text('Paid.'))];
  expect(listed).toEqual(page(items.map((item, index) => ({ ...item, id: `item_${sessionId}_${index}` }))));
});

test('a conversation lists what was said in an answer, and not what was thought', async () => {
  await using rig = await openRich({});
  const { id } = await json(rig.post('/v1/conversations'));
  const tools = [{ type: 'function', name: 'look', parameters: {} }];
  await rig.post('/v1/responses', { model, conversation: id, input: 'Where is it?', tools });

  const listed = await json(rig.get(`/v1/conversations/${id}/items?order=asc`));

  const call = { type: 'function_call', status, name: 'look' };
  const items = [
    asked('Where is it?'),
    answered(text('Not far.')),
    answered({ type: 'refusal', refusal: 'No names.' }),
    { ...call, call_id: 'c1', arguments: '{"at":"sky"}' },
    { ...call, call_id: 'c2', arguments: '{"in":"sea"}' },
  ].map((item, index) => ({ ...item, id: `item_${id.slice('conv_'.length)}_${index}` }));
  expect(listed).toEqual(page(items));
});

test('an answer that was cut off is incomplete, and one that ended before its first word has no item', async () => {
  const cut = { finishReason: 'length' } as const;
  await using rig = await openRig({ openai: {}, steps: [reply('', cut), reply('Blue', cut)] });
  const { id: conversation } = await json(rig.post('/v1/conversations'));
  await json(rig.post('/v1/responses', { model, input: 'What is the sky?', conversation }));
  await json(rig.post('/v1/responses', { model, input: 'Sure?', conversation }));

  const listed = await json(rig.get(`/v1/conversations/${conversation}/items?order=asc`));

  const items = [asked('What is the sky?'), asked('Sure?'), { ...answered(text('Blue')), status: 'incomplete' }];
  const named = items.map((item, index) => ({ ...item, id: `item_${conversation.slice('conv_'.length)}_${index}` }));
  expect(listed).toEqual(page(named));
});
