// Conversations that callers keep may hold a blank message, which the caller sends again and again.
import { background, reply } from '@turnstream/testkit';
import { expect, test } from 'vitest';
import { openRig, type RigOptions } from '../app-rig.ts';
import { json } from './openai-json.ts';

const model = 'agent';
const messages = [
  { id: 'm1', role: 'user', content: '' },
  { id: 'm2', role: 'user', content: ' \n' },
  { id: 'm3', role: 'assistant', content: 'Hello?' },
  { id: 'm4', role: 'user', content: 'Hi' },
];
const input = messages.map(({ role, content }) => ({ role, content }));

test.each<[string, RigOptions, string, object]>([
  ['our own protocol', {}, '/chat', { history: input.slice(0, -1), message: 'Hi' }],
  ['Chat Completions', { openai: {} }, '/v1/chat/completions', { model, messages: input }],
  ['Responses, stored', { openai: {} }, '/v1/responses', { model, input }],
  ['Responses, not stored', { openai: {} }, '/v1/responses', { model, input, store: false }],
  ['AG-UI', { agui: { history: 'client' } }, '/agui', { threadId: 'thread-1', runId: 'run-1', messages }],
])('blank messages are not sent to the model, in %s', async (_name, options, path, body) => {
  await using rig = await openRig({ ...options, steps: [reply('Hi.')] });

  await (await rig.post(path, body)).text();

  expect(rig.model.requests.map(({ texts }) => texts)).toEqual([['Hello?', 'Hi']]);
});

test('blank items that a client adds to a conversation are not part of it', async () => {
  await using rig = await openRig({ openai: {}, steps: [reply('Hi.')] });
  const items = input.slice(0, -1);
  const { id: conversation } = await json(rig.post('/v1/conversations', { items }));
  await rig.post(`/v1/conversations/${conversation}/items`, { items });

  await rig.post('/v1/responses', { model, conversation, input: 'Hi' });

  expect(rig.model.requests[0]?.texts).toEqual(['Hello?', 'Hello?', 'Hi']);
});

test('blank messages are not sent to the model in the background either', async () => {
  await using rig = await openRig({ openai: {}, steps: [background(reply('Hi.'))] });

  await rig.post('/v1/responses', { model, input, background: true });

  await expect.poll(() => rig.model.requests[0]?.texts).toEqual(['Hello?', 'Hi']);
});
