// What POST /agui refuses, before anything is sent or stored.
import { tool } from '@turnstream/core';
import { expect, test } from 'vitest';
import { openRig } from '../app-rig.ts';
import { hi, look, post, result, showing } from './agui-thread.ts';

test.each<[string, object, string]>([
  ['state', { messages: [hi], state: { page: 1 } }, 'shares no state'],
  ['nothing to answer', { messages: [{ id: 'a', role: 'assistant', content: 'Hi' }] }, 'must be from the user'],
  ['no message at all', { messages: [] }, 'must be from the user'],
  ['the result of no call', { messages: [hi, result('call_9')] }, 'belongs to no call'],
  ['a tool with the name of the agent’s', { messages: [hi], tools: [{ ...look, name: 'track' }] }, 'named "track"'],
  ['two tools with one name', { messages: [hi], tools: [look, look] }, 'named "look"'],
  ['a tool that no model accepts', { messages: [hi], tools: [{ ...look, name: 'a b' }] }, 'a b'],
  ['a file of the provider', { messages: [showing({ type: 'file', value: 'file-1' })] }, 'not accepted'],
  ['a file of the server', { messages: [showing({ type: 'url', value: 'file:///etc/passwd' })] }, 'address'],
  [
    'bytes that are not base64',
    { messages: [showing({ type: 'data', value: '<>', mimeType: 'image/png' })] },
    'base64',
  ],
])('%s is refused, nothing is sent, and no session begins', async (_what, body, words) => {
  const track = tool({ name: 'track', description: 'Tracks.', execute: () => 'here' });
  await using rig = await openRig({ agui: { history: 'server' }, agent: { tools: [track] } });

  const response = await post(rig, body);

  expect(await (await rig.get('/sessions')).json()).toMatchObject({ sessions: [] });
  expect([response.status, (await response.json()).error]).toEqual([
    400,
    expect.objectContaining({ code: 'input_invalid', message: expect.stringContaining(words) }),
  ]);
  expect(rig.model.requests).toEqual([]);
});

test.each<[readonly string[], string]>([
  [[], 'only text'],
  [['application/pdf'], 'text and application/pdf'],
  [['application/pdf', 'audio/*'], 'text and application/pdf, audio/*'],
])('a file is refused where the server accepts %j and text, and the refusal says so', async (mediaTypes, accepted) => {
  await using rig = await openRig({ agui: { history: 'server' }, input: { '/agui': { mediaTypes } } });

  const response = await post(rig, {
    messages: [showing({ type: 'data', value: 'AA==', mimeType: 'image/png' })],
  });

  expect([response.status, (await response.json()).error.message]).toEqual([
    400,
    `This server accepts ${accepted}. Remove the image/png file from the message.`,
  ]);
});
