// References to items of stored responses, in place of the items.
import { background, reply, TestClock } from '@turnstream/testkit';
import { expect, test } from 'vitest';
import { openRig, type Rig } from '../app-rig.ts';
import { json } from './openai-json.ts';
import { itemIdOf } from './openai-response-items.ts';
import { openRich } from './openai-rich-answer.ts';

const model = 'agent';
const look = { type: 'function', name: 'look', parameters: {} };
const unknown = {
  message: 'A referenced item does not exist. Send the item itself.',
  type: 'invalid_request_error',
  param: 'input',
  code: 'not_found',
};

/** Asks with these references before the question. */
async function askAfter(rig: Rig, ids: readonly string[]): Promise<Response> {
  const references = ids.map((id) => ({ type: 'item_reference', id }));
  return rig.post('/v1/responses', { model, input: [...references, { role: 'user', content: 'Sure?' }], store: false });
}

test('a reference stands for an item of any kind, as the model saw it', async () => {
  await using shown = await openRich({ tools: 'shown' });
  const { id } = await json(shown.post('/v1/responses', { model, input: 'Where is it?', tools: [look] }));
  await using rig = await openRig({
    openai: { tools: 'shown' },
    store: shown.store,
    api: 'chat_completions',
    steps: [reply('Yes.')],
  });
  const prefixes = ['rs', 'rs', 'rs', 'mcp', 'mcp', 'msg', 'msg', 'fc', 'fc'];
  const ids = prefixes.map((prefix, index) => itemIdOf(id, prefix, index));

  await askAfter(rig, ids);

  const call = (callId: string | undefined, name: string, args: string): object => ({ callId, name, arguments: args });
  const ended = 'No result: the run ended before this call was answered.';
  expect(rig.model.requests[0]!.messages).toEqual([
    { role: 'assistant', text: '', calls: [call(ids[3], 'find', '{"at":1}')] },
    { role: 'tool', text: 'a map', callId: ids[3] },
    { role: 'assistant', text: '', calls: [call(ids[4], 'fail', '{}')] },
    { role: 'tool', text: 'Error: Function failed.', callId: ids[4] },
    {
      role: 'assistant',
      text: 'Not far.No names.',
      calls: [call('c1', 'look', '{"at":"sky"}'), call('c2', 'look', '{"in":"sea"}')],
    },
    { role: 'tool', text: ended, callId: 'c1' },
    { role: 'tool', text: ended, callId: 'c2' },
    { role: 'user', text: 'Sure?' },
  ]);
});

test.each([{}, { type: null }])('a reference may leave its type out: %j', async (type) => {
  await using rig = await openRig({ openai: {}, steps: [reply('Hi.'), reply('Yes.')] });
  const { id } = await json(rig.post('/v1/responses', { model, input: 'Hi' }));
  const reference = { ...type, id: itemIdOf(id, 'msg', 0) };

  await rig.post('/v1/responses', { model, input: [reference, { role: 'user', content: 'Sure?' }], store: false });

  expect(rig.model.requests[1]?.texts).toEqual(['Hi.', 'Sure?']);
});

test('a reference to what is not an item of a stored response is refused', async () => {
  const silent = background(reply(['Once ', 'upon'], { chunkDelayMs: 1_000 }), { clock: new TestClock() });
  await using rig = await openRig({ openai: {}, steps: [reply('Hi.'), reply('Hi.'), silent] });
  const stored = await json(rig.post('/v1/responses', { model, input: 'Hi' }));
  const unstored = await json(rig.post('/v1/responses', { model, input: 'Hi', store: false }));
  const running = await json(rig.post('/v1/responses', { model, input: 'Hi', background: true }));
  await expect.poll(async () => json(rig.get(`/v1/responses/${running.id}`))).toMatchObject({ output: [{}] });

  const refused = [
    await askAfter(rig, [itemIdOf(stored.id, 'rs', 0)]),
    await askAfter(rig, [itemIdOf(stored.id, 'msg', 0), itemIdOf(stored.id, 'msg', 1)]),
    await askAfter(rig, [itemIdOf(unstored.id, 'msg', 0)]),
    await askAfter(rig, [itemIdOf(running.id, 'msg', 0)]),
    await askAfter(rig, [stored.id]),
  ];

  for (const answer of refused) expect([answer.status, await answer.json()]).toEqual([404, { error: unknown }]);
  expect(rig.model.requests.filter(({ responseId }) => responseId === null)).toHaveLength(3);
});

test('a call that the server ran and hid has no item to refer to', async () => {
  await using rig = await openRich({});
  const { id } = await json(rig.post('/v1/responses', { model, input: 'Where is it?', tools: [look] }));

  const [refused, taken] = [
    await askAfter(rig, [itemIdOf(id, 'mcp', 3)]),
    await askAfter(rig, [itemIdOf(id, 'msg', 3), itemIdOf(id, 'fc', 5)]),
  ];

  expect([refused.status, taken.status]).toEqual([404, 200]);
});
