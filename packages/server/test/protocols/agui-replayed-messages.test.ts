// An AG-UI client sends back what it got from the server with its next question. The server has to accept all of it.
import { type Content, type Message, tool } from '@turnstream/core';
import { type ChatRequest, chatUpdate } from '@turnstream/core/seams';
import { callTool, reply } from '@turnstream/testkit';
import { expect, test } from 'vitest';
import { openRig } from '../app-rig.ts';
import { called, type Event, hi, look, post, result, run } from './agui-thread.ts';

const next = { id: 'm2', role: 'user', content: 'And?' };
const draw = tool({
  name: 'draw',
  description: 'Draws.',
  execute: () => [
    { type: 'text' as const, text: 'A map' },
    { type: 'data' as const, uri: 'data:image/png;base64,AA==', mediaType: 'image/png' },
  ],
});

/** The result of a call as the client keeps it. */
function resultIn(events: readonly Event[]): object {
  const { content, toolCallId } = events.find(({ type }) => type === 'TOOL_CALL_RESULT') as unknown as {
    readonly content: unknown;
    readonly toolCallId: string;
  };
  return { id: 't1', role: 'tool', toolCallId, content };
}

test.each(['server', 'client'] as const)(
  'an image that the agent’s tool returned is sent back as an image, with history at the %s',
  async (history) => {
    const steps = [callTool('draw', {}, { callId: 'call_1' }), reply('Here.'), reply('There.')];
    await using rig = await openRig({ agui: { history }, agent: { tools: [draw] }, steps });
    const drawn = resultIn(await run(rig, { messages: [hi] }));
    const messages = [hi, called('draw'), drawn, { id: 'a2', role: 'assistant', content: 'Here.' }, next];

    const events = await run(rig, { messages });

    const output = [
      { type: 'input_text', text: 'A map' },
      { type: 'input_image', image_url: 'data:image/png;base64,AA==', detail: 'auto' },
    ];
    expect(events.at(-1)?.type).toBe('RUN_FINISHED');
    for (const { body } of rig.model.requests.slice(1)) {
      expect(body['input']).toContainEqual({ type: 'function_call_output', call_id: 'call_1', output });
    }
  },
);

test.each(['server', 'client'] as const)(
  'a thread continues after the agent’s tool returned a file that cannot be read, with history at the %s',
  async (history) => {
    const mediaType = 'image/svg+xml;charset=utf-8';
    const trace = tool({
      name: 'trace',
      description: 'Traces.',
      execute: () => [
        { type: 'text' as const, text: 'A map' },
        { type: 'data' as const, uri: `data:${mediaType};base64,AA==`, mediaType },
      ],
    });
    const steps = [callTool('trace', {}, { callId: 'call_1' }), reply('Here.'), reply('There.')];
    await using rig = await openRig({ agui: { history }, agent: { tools: [trace] }, steps });
    const traced = resultIn(await run(rig, { messages: [hi] }));
    const messages = [hi, called('trace'), traced, { id: 'a2', role: 'assistant', content: 'Here.' }, next];

    const events = await run(rig, { messages });

    expect(events.at(-1)?.type).toBe('RUN_FINISHED');
    expect(rig.model.requests[2]?.texts.at(-1)).toBe('And?');
  },
);

test.each(['server', 'client'] as const)(
  'a thread continues after a call of the agent’s tool was cut short, with history at the %s',
  async (history) => {
    const steps = [callTool('draw', '{"of":', { callId: 'call_1', finishReason: 'length' }), reply('Here.')];
    await using rig = await openRig({ agui: { history }, agent: { tools: [draw] }, steps });
    const cut = resultIn(await run(rig, { messages: [hi] }));

    const events = await run(rig, { messages: [hi, called('draw'), cut, next] });

    expect(events.at(-1)?.type).toBe('RUN_FINISHED');
    expect(rig.model.requests[1]?.texts.at(-1)).toBe('And?');
  },
);

test('a thread continues after the session lost the call whose result the client repeats', async () => {
  const steps = [callTool('look', {}, { callId: 'call_1' }), reply('Here.')];
  await using rig = await openRig({ agui: { history: 'server' }, steps });
  const [begun] = await run(rig, { messages: [hi], tools: [look] });
  await rig.post(`/sessions/${begun?.metadata?.sessionId}/rewind`, { toTurn: 0 });

  const events = await run(rig, { messages: [hi, called('look'), result('call_1'), next] });

  expect(events.at(-1)?.type).toBe('RUN_FINISHED');
  expect(rig.model.requests[1]?.texts).toEqual(['And?']);
});

const drawing: Content = { type: 'function_call', callId: 'call_1', name: 'draw', arguments: '{' };
const thinking: Content = { type: 'text_reasoning', text: 'Hm.' };

test.each(['server', 'client'] as const)(
  'a thread continues after an answer was cut short in the message after its call, with history at the %s',
  async (history) => {
    const asked: (readonly Message[])[] = [];
    async function* send({ messages }: ChatRequest) {
      asked.push(messages);
      yield chatUpdate({ contents: [drawing], messageId: 'msg_1' });
      yield chatUpdate({ contents: [thinking], messageId: 'msg_2', finishReason: 'length' });
    }
    await using rig = await openRig({ agui: { history }, agent: { client: { send }, tools: [draw] } });
    const cut = resultIn(await run(rig, { messages: [hi] }));

    const events = await run(rig, { messages: [hi, called('draw'), cut, next] });

    expect(events.at(-1)?.type).toBe('RUN_FINISHED');
    expect(asked[1]?.at(-1)).toMatchObject({ contents: 'And?' });
  },
);

test('a call that never got a name is not shown, and neither is its result', async () => {
  async function* send({ messages }: ChatRequest) {
    const contents = [messages.at(-1)?.role === 'tool' ? thinking : { ...drawing, name: '' }];
    yield chatUpdate({ contents, finishReason: 'stop' });
  }
  await using rig = await openRig({ agui: { history: 'client' }, agent: { client: { send }, tools: [draw] } });

  const events = await run(rig, { messages: [hi] });

  expect(events.map(({ type }) => type).filter((type) => type.startsWith('TOOL_'))).toEqual([]);
  expect(events.at(-1)?.type).toBe('RUN_FINISHED');
});

test('a file that a tool of the page returns is refused', async () => {
  await using rig = await openRig({ agui: { history: 'client' }, agent: { tools: [draw] } });
  const content = [{ type: 'image', source: { type: 'data', value: 'AA==', mimeType: 'image/png' } }];

  const response = await post(rig, {
    messages: [hi, called('look'), { id: 't1', role: 'tool', toolCallId: 'call_1', content }],
  });

  expect([response.status, (await response.json()).error.message]).toEqual([
    400,
    'Only text is accepted as the result of a tool.',
  ]);
});
