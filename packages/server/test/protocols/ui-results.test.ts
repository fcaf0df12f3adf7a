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
