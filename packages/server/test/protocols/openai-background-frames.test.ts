// Every byte that clients read of a response in the background: events, its states, and what stops it.
import { answer, background, callTool, httpError, reply, TestClock } from '@turnstream/testkit';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { framesOf, openRig, type Rig } from '../app-rig.ts';
import { type Json, json } from './openai-json.ts';
import { itemIdOf, numbered, plainResponse, said } from './openai-response-items.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'], now: 1_700_000_000_999 }));
afterEach(() => void vi.useRealTimers());

const look = { type: 'function', name: 'look', parameters: {} };
const asking = { model: 'agent', input: 'What is the sky?', tools: [look], background: true };

const response = { ...plainResponse, background: true };

async function whenEnded(rig: Rig, id: string): Promise<Json> {
  const read = (): Promise<Json> => json(rig.get(`/v1/responses/${id}`));
  await expect.poll(async () => (await read()).status).not.toMatch(/queued|in_progress/);
  return read();
}

/** A text of the answer, as an item that is complete. */
function textItem(responseId: string, text: string): object {
  const id = itemIdOf(responseId, 'msg', 0);
  return { id, type: 'message', status: 'completed', role: 'assistant', content: [said(text)] };
}

/** A model that never gets beyond its first word. */
const silent = () => background(reply(['Once ', 'upon'], { chunkDelayMs: 1_000 }), { clock: new TestClock() });

test('a stream has the text as it comes and the calls of the caller at the end', async () => {
  const calls = answer([reply(['Let me ', 'look.'], { usage: null }), callTool('look', '{}', { callId: 'c' })]);
  await using rig = await openRig({ openai: {}, steps: [background(calls)] });

  const all = await framesOf(await rig.post('/v1/responses', { ...asking, stream: true }));
  const { id } = all[0]!.data['response'] as Json;
  const whole = await json(rig.get(`/v1/responses/${id}`));

  const begun = { ...response, id, status: 'in_progress' };
  const item = textItem(id, 'Let me look.');
  const text = { item_id: itemIdOf(id, 'msg', 0), output_index: 0, content_index: 0 };
  const call = { item_id: itemIdOf(id, 'fc', 1), output_index: 1 };
  const asked = { type: 'function_call', status: 'completed', call_id: 'c', name: 'look', arguments: '{}' };
  const callItem = { id: itemIdOf(id, 'fc', 1), ...asked };
  const ended = { ...response, id, output: [item, callItem] };
  expect(all).toEqual(
    numbered([
      ['created', { response: { ...begun, status: 'queued' } }],
      ['queued', { response: { ...begun, status: 'queued' } }],
      ['in_progress', { response: begun }],
      ['output_item.added', { output_index: 0, item: { ...item, status: 'in_progress', content: [] } }],
      ['content_part.added', { ...text, part: said('') }],
      ['output_text.delta', { ...text, delta: 'Let me ', logprobs: [] }],
      ['output_text.delta', { ...text, delta: 'look.', logprobs: [] }],
      ['output_text.done', { ...text, text: 'Let me look.', logprobs: [] }],
      ['content_part.done', { ...text, part: said('Let me look.') }],
      ['output_item.done', { output_index: 0, item }],
      ['output_item.added', { output_index: 1, item: { ...callItem, status: 'in_progress', arguments: '' } }],
      ['function_call_arguments.delta', { ...call, delta: '{}' }],
      ['function_call_arguments.done', { ...call, name: 'look', arguments: '{}' }],
      ['output_item.done', { output_index: 1, item: callItem }],
      ['completed', { response: ended }],
    ]),
  );
  expect(whole).toEqual(ended);
});

test('a response is queued, then in progress, then cancelled, and asks to be read again until then', async () => {
  await using rig = await openRig({ openai: {}, steps: [silent()] });

  const started = await rig.post('/v1/responses', asking);
  const queued = (await started.json()) as unknown as Json;
  const path = `/v1/responses/${queued.id}`;
  await expect.poll(async () => json(rig.get(path))).toMatchObject({ output: [{}] });
  const reading = await rig.get(path);
  const cancelled = await json(rig.post(`${path}/cancel`));
  const ended = await rig.get(path);
  const events = await framesOf(await rig.get(`${path}?stream=true&starting_after=5`));

  const { id } = queued;
  const item = { ...textItem(id, 'Once '), status: 'incomplete' };
  const stopped = { ...response, id, status: 'cancelled', output: [item] };
  expect(queued).toEqual({ ...response, status: 'queued' });
  expect(await reading.json()).toEqual({
    ...response,
    id,
    status: 'in_progress',
    output: [{ ...item, status: 'in_progress' }],
  });
  expect([started, reading, ended].map(({ headers }) => headers.get('retry-after'))).toEqual(['1', '1', null]);
  expect([cancelled, await ended.json()]).toEqual([stopped, stopped]);
  expect(events).toEqual([
    {
      id: undefined,
      event: 'response.failed',
      data: { type: 'response.failed', response: stopped, sequence_number: 6 },
    },
  ]);
});

test('a response that failed has an error, in its events too', async () => {
  await using rig = await openRig({ openai: {}, steps: [httpError(400)] });
  const { id } = await json(rig.post('/v1/responses', asking));

  const failed = await whenEnded(rig, id);
  const events = await framesOf(await rig.get(`/v1/responses/${id}?stream=true`));

  const error = { code: 'server_error', message: 'The server could not get the answer. Ask again later.' };
  const state = (status: string): object => ({ response: { ...response, id, status } });
  expect(failed).toEqual({ ...response, id, status: 'failed', error });
  expect(events).toEqual([
    ...numbered([
      ['created', state('queued')],
      ['queued', state('queued')],
      ['in_progress', state('in_progress')],
    ]),
    { id: undefined, event: 'error', data: { type: 'error', ...error, param: null, sequence_number: 3 } },
    {
      id: undefined,
      event: 'response.failed',
      data: { type: 'response.failed', response: failed, sequence_number: 4 },
    },
  ]);
});

test('a response that was cut short is incomplete, in its events too', async () => {
  const filtered = reply('Wei', { finishReason: 'content_filter', usage: null });
  await using rig = await openRig({ openai: {}, steps: [background(filtered)] });
  const { id } = await json(rig.post('/v1/responses', asking));

  const cut = await whenEnded(rig, id);
  const events = await framesOf(await rig.get(`/v1/responses/${id}?stream=true`));

  const why = { incomplete_details: { reason: 'content_filter' } };
  const output = [{ ...textItem(id, 'Wei'), status: 'incomplete' }];
  expect(cut).toEqual({ ...response, id, status: 'incomplete', output, ...why });
  expect(events.at(-1)?.data).toEqual({ type: 'response.incomplete', response: cut, sequence_number: 9 });
});

test('a background run stores the question and the caller’s tools', async () => {
  await using rig = await openRig({ openai: { instructions: 'append' }, steps: [silent()] });
  const input = [
    { role: 'developer', content: 'Be kind.' },
    { role: 'user', content: '' },
    { role: 'user', content: 'What is the sky?' },
    { role: 'user', content: 'Now?' },
  ];

  await rig.post('/v1/responses', { ...asking, input, tool_choice: { type: 'function', name: 'look' } });

  const [run] = await rig.store.runs.list('local', { limit: 2 });
  expect([run?.message, run?.callbackUrl]).toEqual(['Now?', null]);
  expect(run?.ask).toEqual({
    instructions: 'Be kind.',
    toolChoice: { name: 'look' },
    tools: [{ name: 'look', description: '', parameters: {} }],
    input: [
      { role: 'user', contents: 'What is the sky?' },
      { role: 'user', contents: 'Now?' },
    ],
  });
});
