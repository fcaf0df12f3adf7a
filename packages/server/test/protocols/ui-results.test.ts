// Results of tools in the chat of the AI SDK: JSON is a value for the page, and other text stays as the tool wrote it.
import { tool } from '@turnstream/core';
import { callTool, reply } from '@turnstream/testkit';
import { expect, test } from 'vitest';
import { openRig } from '../app-rig.ts';
import { chatAt, shown } from './ui-chat.ts';

test.each<[string, unknown]>([
  ['{"city":"Oslo"}', { city: 'Oslo' }],
  ['["Oslo","Rome"]', ['Oslo', 'Rome']],
  ['12345678901234567890', '12345678901234567890'],
  ['true', 'true'],
  ['null', 'null'],
  ['"Oslo"', '"Oslo"'],
  ['Oslo', 'Oslo'],
])('the result %s is shown as %j', async (result, output) => {
  const look = tool({ name: 'look', description: 'Looks.', execute: () => result });
  const steps = [callTool('look', {}, { callId: 'call_1' }), reply('Done.')];
  await using rig = await openRig({ ui: { history: 'server' }, agent: { tools: [look] }, steps });
  const chat = chatAt(rig.url);

  await chat.sendMessage({ text: 'Look.' });

  expect(shown(chat)[1]).toEqual(['tool-look', 'output-available', {}, output]);
});

/** The messages of a client that asks again after its tool call has this output. */
const askedAfterLooking = (output: unknown): readonly object[] => [
  { id: 'm1', role: 'user', parts: [{ type: 'text', text: 'Look.' }] },
  {
    id: 'm2',
    role: 'assistant',
    parts: [
      { type: 'step-start' },
      { type: 'tool-look', toolCallId: 'call_1', state: 'output-available', input: {}, output },
    ],
  },
  { id: 'm3', role: 'user', parts: [{ type: 'text', text: 'Sure?' }] },
];

test.each([true, false])('a tool’s files reach the model as files if the server ran the tool: %s', async (runs) => {
  const output = [
    { type: 'text' as const, text: 'A map' },
    { type: 'data' as const, uri: 'data:image/png;base64,AA==', mediaType: 'image/png' },
  ];
  const tools = [tool({ name: runs ? 'look' : 'find', description: 'Looks.', execute: () => output })];
  await using rig = await openRig({ ui: { history: 'client' }, agent: { tools }, steps: [reply('Yes.')] });

  await (await rig.post('/chat/ui', { id: 'chat-1', messages: askedAfterLooking(output) })).text();

  const read = [
    { type: 'input_text', text: 'A map' },
    { type: 'input_image', image_url: 'data:image/png;base64,AA==', detail: 'auto' },
  ];
  const sent = { type: 'function_call_output', call_id: 'call_1', output: runs ? read : JSON.stringify(output) };
  expect(rig.model.requests[0]?.body['input']).toContainEqual(sent);
});

test('an unreadable file returned by the agent’s tool is left out', async () => {
  const mediaType = 'image/svg+xml;charset';
  const text = { type: 'text', text: 'A map' };
  const output = [text, { type: 'data', uri: `data:${mediaType};base64,AA==`, mediaType }];
  const tools = [tool({ name: 'look', description: 'Looks.', execute: () => output })];
  await using rig = await openRig({ ui: { history: 'client' }, agent: { tools }, steps: [reply('Yes.')] });

  await (await rig.post('/chat/ui', { id: 'chat-1', messages: askedAfterLooking(output) })).text();

  const sent = { type: 'function_call_output', call_id: 'call_1', output: 'A map' };
  expect(rig.model.requests[0]?.body['input']).toContainEqual(sent);
});
