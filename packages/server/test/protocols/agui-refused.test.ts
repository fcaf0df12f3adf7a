// What POST /agui refuses, before anything is sent or stored.
import { tool } from '@turnstream/core';
import { expect, test } from 'vitest';
import { openRig } from '../app-rig.ts';
import { sharedRig } from '../shared-rig.ts';
import { called, hi, look, post, result, showing } from './agui-thread.ts';

const shared = sharedRig({
  agui: { history: 'server' },
  input: { '/agui': { mediaTypes: ['image/*'] } },
  agent: { tools: [tool({ name: 'track', description: 'Tracks.', execute: () => 'here' })] },
});

const png = { type: 'data', value: 'AA==', mimeType: 'image/png' };
const asking = (content: unknown): object => ({ messages: [{ id: 'm1', role: 'user', content }] });
const answering = (content: unknown): object => ({
  messages: [hi, called('look'), { id: 't1', role: 'tool', toolCallId: 'call_1', content }],
});
const at = (value: string, mimeType?: string): object => ({ messages: [showing({ type: 'url', value, mimeType })] });

const noState = 'This agent shares no state with its clients. Send an empty `state`.';
const notAsked = 'The last message must be from the user, or the result of a tool.';
const blank = 'The message cannot be accepted: must not be blank.';
const onlyText = 'Only text is accepted as the result of a tool.';
const ours = 'This agent has its own instructions. Leave out context, and system and developer messages.';
const noFile = 'A file needs its media type, such as image/png, and its bytes in base64 or an http or https address.';

test.each<[string, object, string]>([
  ['state', { messages: [hi], state: { page: 1 } }, noState],
  ['state that is a number', { messages: [hi], state: 0 }, noState],
  ['nothing to answer', { messages: [{ id: 'a', role: 'assistant', content: 'Hi' }] }, notAsked],
  ['no message at all', { messages: [] }, notAsked],
  ['a blank message', asking(' '), blank],
  ['a message of no parts', asking([]), blank],
  [
    'a file with blank text',
    asking([
      { type: 'text', text: ' ' },
      { type: 'image', source: png },
    ]),
    blank,
  ],
  ['a long message', asking('x'.repeat(8_001)), 'The message cannot be accepted: must have at most 8000 characters.'],
  ['a system message', { messages: [{ id: 's', role: 'system', content: 'Rhyme.' }, hi] }, ours],
  ['a developer message', { messages: [{ id: 'd', role: 'developer', content: 'Rhyme.' }, hi] }, ours],
  ['context', { messages: [hi], context: [{ description: 'The page', value: 'orders' }] }, ours],
  [
    'a result without its call',
    { messages: [hi, result('call_9')] },
    'No call "call_9" waits for a result from the client. Leave that result out.',
  ],
  [
    'a result with a file',
    answering([
      { type: 'text', text: 'A map' },
      { type: 'image', source: png },
    ]),
    onlyText,
  ],
  [
    'a tool with the name of the agent’s',
    { messages: [hi], tools: [{ ...look, name: 'track' }] },
    'There already is a tool named "track". Rename yours.',
  ],
  [
    'two tools with one name',
    { messages: [hi], tools: [look, look] },
    'There already is a tool named "look". Rename yours.',
  ],
  [
    'a tool that no model accepts',
    { messages: [hi], tools: [{ ...look, name: 'a b' }] },
    'Tool name "a b" must be 1 to 64 letters, digits, _ or -.',
  ],
  [
    'a file of the provider',
    { messages: [showing({ type: 'file', value: 'file-1' })] },
    'Files at the model provider are not accepted. Send the bytes or an address.',
  ],
  ['a file of the server', at('file:///etc/passwd'), noFile],
  ['a file behind another scheme', at('view-source:https://example.com/a.png'), noFile],
  ['an address without a host', at('http://'), noFile],
  ['an address with half a media type', at('https://example.com/a.png', 'png'), noFile],
  ['a data URL of another media type', at('data:image/gif;base64,AA==', 'image/png'), noFile],
  ['an address with a data URL in it', at('see data:image/png;base64,AA==', 'image/png'), noFile],
  ['a data URL without bytes', at('data:image/png;base64,', 'image/png'), noFile],
  ['a data URL that is not base64', at('data:image/png,AA==', 'image/png'), noFile],
  ['bytes with half a media type', { messages: [showing({ ...png, mimeType: 'png' })] }, noFile],
  ['bytes that are not base64', { messages: [showing({ ...png, value: '<>' })] }, noFile],
])('%s is refused, nothing is sent, and no session begins', async (_what, body, message) => {
  const rig = shared();

  const response = await post(rig, body);

  expect(await (await rig.get('/sessions')).json()).toEqual({ sessions: [] });
  expect([response.status, (await response.json()).error]).toEqual([
    400,
    { code: 'input_invalid', message, requestId: expect.any(String) },
  ]);
  expect(rig.model.requests).toEqual([]);
});

test.each<[readonly string[], string]>([
  [[], 'only text'],
  [['application/pdf'], 'text and application/pdf'],
  [['audio/wa'], 'text and audio/wa'],
  [['application/*', 'image/*'], 'text and application/*, image/*'],
])('a file is refused where the server accepts %j and text, and the refusal says so', async (mediaTypes, accepted) => {
  await using accepting = await openRig({ agui: { history: 'server' }, input: { '/agui': { mediaTypes } } });

  const response = await post(accepting, { messages: [showing({ ...png, mimeType: 'audio/wav' })] });

  expect([response.status, (await response.json()).error.message]).toEqual([
    400,
    `This server accepts ${accepted}. Remove the audio/wav file from the message.`,
  ]);
});

test.each<[string, object, string]>([
  ['nothing to answer', { messages: [hi, { id: 'a', role: 'assistant', content: 'Hi' }] }, notAsked],
  [
    'a result without its call',
    { messages: [hi, result('call_9')] },
    'This conversation has no call "call_9". Send it before its result.',
  ],
  [
    'the answer to an interrupt',
    { messages: [hi], resume: [{ interruptId: 'call_1', status: 'cancelled' }] },
    'This server keeps no conversations, so no run of it waits to be resumed.',
  ],
])('where the client keeps the history, %s is refused', async (_what, body, message) => {
  await using keeping = await openRig({ agui: { history: 'client' } });

  const response = await post(keeping, body);

  expect([response.status, (await response.json()).error.message]).toEqual([400, message]);
  expect(keeping.model.requests).toEqual([]);
});
