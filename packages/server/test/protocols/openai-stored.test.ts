// What clients of OpenAI do with what is stored: conversations, the input of a response, deletes.
import { tool } from '@turnstream/core';
import { answer, background, callTool, reply } from '@turnstream/testkit';
import OpenAI from 'openai';
import type { ResponseOutputItem } from 'openai/resources/responses/responses';
import { expect, test } from 'vitest';
import type { Identity } from '../../src/index.ts';
import { memoryStore, openRig, type Rig, TOKEN } from '../app-rig.ts';

const clientOf = ({ url }: Rig): OpenAI => new OpenAI({ apiKey: TOKEN, baseURL: `${url}/v1`, maxRetries: 0 });
const model = 'agent';
const weather = tool({ name: 'get_weather', description: 'Weather.', execute: () => 'rain' });

test('answers are added to a conversation, whatever way they are asked for', async () => {
  const steps = [reply('A language.'), reply('1991'), background(reply('Guido.')), reply('Yes.')];
  await using rig = await openRig({ openai: {}, steps });
  const { conversations, responses } = clientOf(rig);
  const made = await conversations.create();
  const { id: conversation } = made;

  const first = await responses.create({ model, input: 'What is Python?', conversation });
  await responses.stream({ model, input: 'How old is it?', conversation: { id: conversation } }).finalResponse();
  const third = await responses.create({ model, input: 'Who made it?', conversation, background: true });
  await expect.poll(async () => (await responses.retrieve(third.id)).status).toBe('completed');
  await responses.create({ model, input: 'Sure?', conversation });

  expect(made).toEqual({ id: conversation, object: 'conversation', created_at: 0, metadata: {} });
  expect(await conversations.retrieve(conversation)).toEqual(made);
  expect([first.conversation, third.conversation]).toEqual([{ id: conversation }, { id: conversation }]);
  expect(rig.model.requests.at(-1)?.texts).toEqual(
    ['What is Python?', 'A language.', 'How old is it?', '1991'].concat(['Who made it?', 'Guido.', 'Sure?']),
  );
});

test('a conversation begins with items, lists what was said, and is deleted with it', async () => {
  const steps = [callTool('get_weather', '{}'), reply('Rain.')];
  await using rig = await openRig({ openai: {}, agent: { tools: [weather] }, steps });
  const { conversations, responses } = clientOf(rig);
  const said = { type: 'message' as const, role: 'user' as const, content: 'I am in Oslo.' };
  const { id } = await conversations.create({ items: [said] });

  await responses.create({ model, input: 'Weather?', conversation: id });
  const thanks = { ...said, content: 'Thanks.' };
  const added = await conversations.items.create(id, { items: [thanks, { ...said, content: 'Bye.' }] });
  const items = await Array.fromAsync(conversations.items.list(id, { limit: 2, order: 'asc' }));
  const deleted = await conversations.delete(id);
  const gone = await conversations.retrieve(id).catch((error: unknown) => error);

  expect(rig.model.requests[0]?.texts).toEqual(['I am in Oslo.', 'Weather?']);
  expect(items.map((item) => item.type === 'message' && item.content)).toMatchObject([
    [{ type: 'input_text', text: 'I am in Oslo.' }],
    [{ type: 'input_text', text: 'Weather?' }],
    [{ type: 'output_text', text: 'Rain.' }],
    [{ type: 'input_text', text: 'Thanks.' }],
    [{ type: 'input_text', text: 'Bye.' }],
  ]);
  expect(added.data).toEqual(items.slice(-2));
  expect([deleted.deleted, gone]).toMatchObject([true, { status: 404, code: 'not_found' }]);
});

test('any session of the owner is a conversation, and no session of others', async () => {
  const store = memoryStore();
  await using rig = await openRig({ openai: {}, store, steps: [reply('Hi Ann.'), reply('Ann.')] });
  await using theirs = await openRig({ openai: {}, store, identity: { authenticate: async () => 'eve' } });
  const { sessionId } = await (await rig.post('/chat', { message: 'I am Ann.' })).json();
  const asking = { model, input: 'Who am I?', conversation: `conv_${sessionId}` };

  const { output_text: text, conversation } = await clientOf(rig).responses.create(asking);
  const stranger = clientOf(theirs);
  const refused = await Promise.allSettled([
    stranger.responses.create(asking),
    stranger.conversations.retrieve(asking.conversation),
    stranger.conversations.delete(asking.conversation),
    stranger.conversations.items.list(asking.conversation),
  ]);

  expect(conversation).toEqual({ id: asking.conversation });
  expect([text, rig.model.requests[1]?.texts]).toEqual(['Ann.', ['I am Ann.', 'Hi Ann.', 'Who am I?']]);
  expect(refused.map((each) => each.status === 'rejected' && each.reason.status)).toEqual([404, 404, 404, 404]);
});

test('items that say nothing to the agent add no turn, and an output of no call is refused', async () => {
  await using rig = await openRig({ openai: {}, steps: [reply('Hi.')] });
  const reasoning = { type: 'reasoning' as const, id: 'rs_1', summary: [] };
  const { id } = await clientOf(rig).conversations.create({ items: [reasoning] });
  const orphan = { type: 'function_call_output', call_id: 'call_1', output: 'blue' };
  const adding = async (items: object): Promise<object> => {
    const response = await rig.post(`/v1/conversations/${id}/items`, { items: [items] });
    return [response.status, await response.json()];
  };

  const [ignored, refused] = [await adding(reasoning), await adding(orphan)];
  const made = await rig.post('/v1/conversations', { items: [orphan] });
  await clientOf(rig).responses.create({ model, input: 'Hi', conversation: id });

  expect(ignored).toMatchObject([200, { data: [] }]);
  const message = 'This conversation has no call "call_1". Send it before its result.';
  expect(refused).toMatchObject([400, { error: { code: 'invalid_value', param: 'items', message } }]);
  expect([made.status, rig.model.requests[0]!.texts]).toEqual([400, ['Hi']]);
  expect((await (await rig.get(`/sessions/${id}`)).json()).messages).toMatchObject([{ turn: 0 }, { turn: 0 }]);
});

test('a reference stands for an item of a response, and only for its owner', async () => {
  const calls = answer([reply('Let me see.'), callTool('get_weather', '{}', { callId: 'call_1' })]);
  const steps = [calls, reply('Rain.'), background(reply('Bye.')), reply('Yes.')];
  const identity: Identity = { authenticate: ({ headers }) => headers.authorization ?? null };
  await using rig = await openRig({ openai: {}, identity, agent: { tools: [weather] }, steps });
  const { responses } = clientOf(rig);
  const first = await responses.stream({ model, input: 'Weather?' }).finalResponse();
  const second = await responses.create({ model, input: 'Thanks.', background: true, stream: true });
  const items: ResponseOutputItem[] = [...first.output];
  for await (const event of second) if (event.type === 'response.completed') items.push(...event.response.output);
  const references = items.map(({ id }) => ({ type: 'item_reference' as const, id: id ?? '' }));
  const input = [...references, { role: 'user' as const, content: 'Sure?' }];

  await responses.create({ model, input, store: false });
  const foreign = await clientOf(rig)
    .withOptions({ apiKey: 'eve' })
    .responses.create({ model, input })
    .catch((error: unknown) => error);

  expect(rig.model.requests.at(-1)?.texts).toEqual(['Let me see.Rain.Bye.', 'Sure?']);
  expect(foreign).toMatchObject({ status: 404, code: 'not_found', param: 'input' });
});

test('the input of a response is listed, and is not part of its output', async () => {
  await using rig = await openRig({ openai: {}, steps: [reply('Blue.'), background(reply('Grey.'))] });
  const { responses } = clientOf(rig);
  const input = [
    { role: 'user' as const, content: 'What is the sky?' },
    { role: 'assistant' as const, content: 'Let me look.' },
    { type: 'function_call' as const, call_id: 'call_1', name: 'look', arguments: '{}' },
    { type: 'function_call_output' as const, call_id: 'call_1', output: 'blue' },
  ];

  const { id } = await responses.create({ model, input });
  const { id: inBackground } = await responses.create({ model, input: 'And now?', background: true });
  const listed = await Array.fromAsync(responses.inputItems.list(id, { limit: 3 }));
  const other = await Array.fromAsync(responses.inputItems.list(inBackground));

  const status = 'completed';
  expect(listed).toMatchObject([
    { type: 'function_call_output', status, call_id: 'call_1', output: 'blue' },
    { type: 'function_call', status, call_id: 'call_1', name: 'look', arguments: '{}' },
    { type: 'message', status, role: 'assistant', content: [{ type: 'output_text', text: 'Let me look.' }] },
    { type: 'message', status, role: 'user', content: [{ type: 'input_text', text: 'What is the sky?' }] },
  ]);
  expect(other).toMatchObject([{ type: 'message', role: 'user', content: [{ text: 'And now?' }] }]);
  expect((await responses.retrieve(id)).output).toMatchObject([{ content: [{ text: 'Blue.' }] }]);
});

test('the last response of a chain can be deleted, and takes its empty session with it', async () => {
  await using rig = await openRig({ openai: {}, steps: [reply('A language.'), reply('1991'), reply('No.')] });
  const { responses } = clientOf(rig);
  const first = await responses.create({ model, input: 'What is Python?' });
  const second = await responses.create({ model, input: 'How old is it?', previous_response_id: first.id });

  const tooEarly = await responses.delete(first.id).catch((error: unknown) => error);
  await responses.delete(second.id);
  const third = await responses.create({ model, input: 'Old?', previous_response_id: first.id });
  for (const { id } of [third, first]) await responses.delete(id);

  expect(tooEarly).toMatchObject({ status: 400, code: 'invalid_value' });
  expect(rig.model.requests[2]?.texts).toEqual(['What is Python?', 'A language.', 'Old?']);
  expect(await (await rig.get('/sessions')).json()).toEqual({ sessions: [] });
  await expect(responses.retrieve(first.id)).rejects.toMatchObject({ status: 404 });
});

test('a response in the background is deleted with its run, once it has ended', async () => {
  await using rig = await openRig({ openai: {}, steps: [background(reply('A language.'))] });
  const { responses } = clientOf(rig);
  const { id } = await responses.create({ model, input: 'What is Python?', background: true });
  await expect.poll(async () => (await responses.retrieve(id)).status).toBe('completed');

  await responses.delete(id);

  await expect(responses.retrieve(id)).rejects.toMatchObject({ status: 404 });
  expect(await (await rig.get('/sessions')).json()).toEqual({ sessions: [] });
  expect(await (await rig.get('/runs')).json()).toEqual({ runs: [] });
});
