// POST /agui: what the messages of a request become for the model.
import { type ChatRequest, chatUpdate } from '@turnstream/core/seams';
import { expect, test } from 'vitest';
import { openRig, type Rig, type RigOptions } from '../app-rig.ts';
import { hi, run } from './agui-thread.ts';

const text = (said: string) => ({ type: 'text', text: said });
const client = { history: 'client' } as const;

test('a conversation of the client is what the model is asked, without reasoning and activities', async () => {
  const asked: ChatRequest[] = [];
  await using rig = await openRecording(asked, { agui: { ...client, instructions: 'append' } });
  const parameters = { type: 'object', properties: { where: { type: 'string' } } };
  const toModel = (callId: string) => ({ type: 'function_call', callId, name: 'look', arguments: '{"where":"here"}' });
  const call = (id: string) => ({ id, type: 'function', function: { name: 'look', arguments: '{"where":"here"}' } });

  const [started] = await run(rig, {
    messages: [
      { id: 's1', role: 'system', content: 'Rhyme.' },
      { id: 'm1', role: 'user', content: 'Hi' },
      { id: 'r1', role: 'reasoning', content: 'A greeting.' },
      { id: 'a1', role: 'assistant', content: 'Hello.' },
      { id: 'm2', role: 'user', content: [text('Look'), text('around.')] },
      { id: 'v1', role: 'activity', activityType: 'tool_progress', content: {} },
      { id: 'a2', role: 'assistant', content: 'I look.', toolCalls: [call('call_1'), call('call_2')] },
      { id: 'a3', role: 'assistant', content: '' },
      { id: 'd1', role: 'developer', content: 'Be kind.' },
      { id: 't1', role: 'tool', toolCallId: 'call_1', content: [text('A map'), text('of Oslo.')] },
      { id: 't2', role: 'tool', toolCallId: 'call_2', content: '', error: 'It is dark.' },
      { id: 'a4', role: 'assistant', content: '' },
    ],
    state: {},
    tools: [{ name: 'look', description: 'Looks.', parameters }, { name: 'wait' }],
    context: [{ description: 'The page', value: 'orders' }],
  });

  expect(started).toMatchObject({ type: 'RUN_STARTED', metadata: { sessionId: null } });
  expect(asked).toEqual([
    {
      instructions: 'Be concise.\nRhyme.\n\nBe kind.\n\nThe page: orders',
      messages: [
        { role: 'user', contents: 'Hi', messageId: 'm1' },
        { role: 'assistant', contents: [text('Hello.')] },
        { role: 'user', contents: [text('Look'), text('around.')], messageId: 'm2' },
        { role: 'assistant', contents: [text('I look.'), toModel('call_1'), toModel('call_2')] },
        { role: 'tool', contents: [{ type: 'function_result', callId: 'call_1', result: 'A map\nof Oslo.' }] },
        {
          role: 'tool',
          contents: [{ type: 'function_result', callId: 'call_2', result: 'It is dark.', error: 'tool_failed' }],
        },
      ],
      tools: [
        { name: 'look', description: 'Looks.', parameters },
        { name: 'wait', description: '', parameters: { type: 'object', properties: {}, additionalProperties: false } },
      ],
      toolChoice: 'auto',
      settings: {},
      stream: true,
      signal: expect.any(AbortSignal),
    },
  ]);
});

test('blank instructions are ignored', async () => {
  const asked: ChatRequest[] = [];
  await using rig = await openRecording(asked, { agui: client });
  const blank = ['system', 'developer'].map((role) => ({ id: role, role, content: ' ' }));

  await run(rig, { messages: [...blank, hi] });

  const messages = [{ role: 'user', contents: 'Hi', messageId: 'm1' }];
  expect(asked).toMatchObject([{ instructions: 'Be concise.', messages }]);
});

test('files at an address without a media type are sent as what the client calls them', async () => {
  const asked: ChatRequest[] = [];
  const input = { '/agui': { mediaTypes: ['image/*', 'audio/*', 'video/*', 'application/octet-stream'] } };
  await using rig = await openRecording(asked, { agui: client, input });
  const at = (value: string, mimeType?: string) => ({ type: 'url', value, mimeType });

  await run(rig, {
    messages: [
      {
        id: 'm1',
        role: 'user',
        content: [
          { type: 'image', source: at('https://example.com/a') },
          { type: 'audio', source: at('https://example.com/a') },
          { type: 'video', source: at('https://example.com/a') },
          { type: 'document', source: at('https://example.com/a') },
          { type: 'image', source: at('http://example.com/a', 'image/png') },
          { type: 'image', source: at('data:image/png;base64,AA==', 'image/png') },
          { type: 'image', source: at('data:;base64,AA==', 'image/png') },
        ],
      },
    ],
  });

  const uri = 'https://example.com/a';
  const data = { type: 'data', uri: 'data:image/png;base64,AA==', mediaType: 'image/png' };
  expect(asked[0]!.messages).toEqual([
    {
      role: 'user',
      contents: [
        { type: 'uri', uri, mediaType: 'image/*' },
        { type: 'uri', uri, mediaType: 'audio/*' },
        { type: 'uri', uri, mediaType: 'video/*' },
        { type: 'uri', uri, mediaType: 'application/octet-stream' },
        { type: 'uri', uri: 'http://example.com/a', mediaType: 'image/png' },
        data,
        data,
      ],
      messageId: 'm1',
    },
  ]);
});

/** A server whose model answers "Hi." and keeps what it is asked. */
function openRecording(asked: ChatRequest[], options: RigOptions): Promise<Rig> {
  async function* send(request: ChatRequest) {
    asked.push(request);
    yield chatUpdate({ contents: [{ type: 'text', text: 'Hi.' }], finishReason: 'stop' });
  }
  return openRig({ ...options, agent: { client: { send } } });
}
