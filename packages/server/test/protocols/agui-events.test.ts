// POST /agui: the events of an answer that is more than text.
import { type FunctionResultContent, tool } from '@turnstream/core';
import { type ChatRequest, chatUpdate } from '@turnstream/core/seams';
import { callTool, reply } from '@turnstream/testkit';
import { expect, test } from 'vitest';
import { resultContent } from '../../src/protocols/agui/result-content.ts';
import { openRig } from '../app-rig.ts';
import { hi, run } from './agui-thread.ts';

const server = { history: 'server' } as const;
const here = { type: 'text', text: 'Here.' } as const;
const anyId = expect.stringMatching(/^[\w-]{36}$/);

test('a tool call has its arguments, then what the tool reports, then its result', async () => {
  const count = tool({
    name: 'count',
    description: 'Counts.',
    execute: (_input, { report }) => {
      report('1 of 2');
      return 'two';
    },
  });
  const steps = [callTool('count', ['{', '}'], { callId: 'call_1' }), reply('Two.')];
  await using rig = await openRig({ agui: server, agent: { tools: [count] }, steps });

  const events = await run(rig, { messages: [hi] });

  const toolCallId = 'call_1';
  expect(events.slice(1, 7)).toEqual([
    { type: 'TOOL_CALL_START', toolCallId, toolCallName: 'count', parentMessageId: anyId },
    { type: 'TOOL_CALL_ARGS', toolCallId, delta: '{' },
    { type: 'TOOL_CALL_ARGS', toolCallId, delta: '}' },
    { type: 'TOOL_CALL_END', toolCallId },
    {
      type: 'ACTIVITY_SNAPSHOT',
      messageId: 'progress-call_1',
      activityType: 'tool_progress',
      content: { toolCallId, progress: '1 of 2' },
    },
    { type: 'TOOL_CALL_RESULT', messageId: anyId, toolCallId, content: 'two', role: 'tool' },
  ]);
});

test.each<[result: string, items: FunctionResultContent['items']]>([
  ['Here.', [here, { type: 'hosted_file', fileId: 'file-1' }]],
  ['Here.', [here]],
  ['', [{ type: 'hosted_file', fileId: 'file-1' }]],
])('a result without files to show is its text, %j', (result, items) => {
  expect(resultContent({ type: 'function_result', callId: 'call_1', result, items: items! })).toBe(result);
});

test('files that a tool returns are parts of its result, except those at the model’s service', async () => {
  const file = (mediaType: string) => ({ type: 'uri', uri: 'https://example.com/a', mediaType }) as const;
  const shoot = tool({
    name: 'shoot',
    description: 'Takes photos.',
    execute: () => [
      { type: 'text', text: 'Here.' },
      { type: 'data', uri: 'data:image/png;base64,AA==', mediaType: 'image/png' },
      ...['image/png', 'audio/wav', 'video/mp4', 'application/pdf'].map(file),
      { type: 'hosted_file', fileId: 'file-1' },
    ],
  });
  async function* send({ messages }: ChatRequest) {
    const call = { type: 'function_call', callId: 'call_1', name: 'shoot', arguments: '{}' } as const;
    const isSeen = messages.at(-1)?.role === 'tool';
    yield chatUpdate({ contents: [isSeen ? { type: 'text', text: 'Nice.' } : call] });
    yield chatUpdate({ finishReason: isSeen ? 'stop' : 'tool_calls' });
  }
  await using rig = await openRig({ agui: server, agent: { client: { send }, tools: [shoot] } });

  const events = await run(rig, { messages: [hi] });

  const at = (mimeType: string) => ({ type: 'url', value: 'https://example.com/a', mimeType });
  expect(events.find(({ type }) => type === 'TOOL_CALL_RESULT')).toMatchObject({
    content: [
      { type: 'text', text: 'Here.' },
      { type: 'image', source: { type: 'data', value: 'AA==', mimeType: 'image/png' } },
      { type: 'image', source: at('image/png') },
      { type: 'audio', source: at('audio/wav') },
      { type: 'video', source: at('video/mp4') },
      { type: 'document', source: at('application/pdf') },
    ],
  });
});

test('reasoning and files are shown, and what only the model’s service reads is not', async () => {
  async function* send() {
    yield chatUpdate({ contents: [{ type: 'text_reasoning', text: 'Hm.' }] });
    yield chatUpdate({ contents: [{ type: 'service_item', name: 'web_search_call', opaque: {} }] });
    yield chatUpdate({ contents: [{ type: 'hosted_file', fileId: 'file-1' }] });
    yield chatUpdate({ contents: [{ type: 'text_reasoning', text: ' So.' }] });
    yield chatUpdate({ contents: [{ type: 'uri', uri: 'https://example.com/a.png', mediaType: 'image/png' }] });
    yield chatUpdate({ contents: [{ type: 'data', uri: 'data:image/png;base64,AA==', mediaType: 'image/png' }] });
    yield chatUpdate({ finishReason: 'stop' });
  }
  await using rig = await openRig({ agui: server, agent: { client: { send } } });

  const events = await run(rig, { messages: [hi] });

  expect(events.slice(1, -1)).toEqual([
    { type: 'REASONING_START', messageId: anyId },
    { type: 'REASONING_MESSAGE_START', messageId: anyId, role: 'reasoning' },
    { type: 'REASONING_MESSAGE_CONTENT', messageId: anyId, delta: 'Hm.' },
    { type: 'REASONING_MESSAGE_CONTENT', messageId: anyId, delta: ' So.' },
    { type: 'CUSTOM', name: 'file', value: { url: 'https://example.com/a.png', mediaType: 'image/png' } },
    { type: 'CUSTOM', name: 'file', value: { url: 'data:image/png;base64,AA==', mediaType: 'image/png' } },
    { type: 'REASONING_MESSAGE_END', messageId: anyId },
    { type: 'REASONING_END', messageId: anyId },
  ]);
});
