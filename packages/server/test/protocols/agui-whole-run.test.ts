// POST /agui: every event of a run, from its start to its end, by how the run ends.
import { type Content, tool } from '@turnstream/core';
import { type ChatRequest, chatUpdate } from '@turnstream/core/seams';
import { callTool, reply, truncateAfter } from '@turnstream/testkit';
import { expect, test } from 'vitest';
import { openRig } from '../app-rig.ts';
import { five, paying } from '../paying.ts';
import { hi, numbered, post, run } from './agui-thread.ts';

const server = { history: 'server' } as const;
const usage = { inputTokens: 9, outputTokens: 3, totalTokens: 12 };
const started = {
  type: 'RUN_STARTED',
  threadId: 'thread-1',
  runId: 'run-1',
  protocolVersion: '1.0',
  metadata: { sessionId: expect.stringMatching(/^[\w-]{43}$/) },
};
const finished = { type: 'RUN_FINISHED', threadId: 'thread-1', runId: 'run-1' };

const text = (words: string): Content => ({ type: 'text', text: words });
const call = (callId: string, name: string, args: string): Content => ({
  type: 'function_call',
  callId,
  name,
  arguments: args,
});

test('reasoning, commentary, text with its sources, calls and a refusal are messages of their own', async () => {
  const weather = tool({ name: 'weather', description: 'Says the weather.', execute: () => 'sunny' });
  const annotations = [
    { type: 'citation', url: 'https://example.com/oslo', title: 'Oslo' },
    { type: 'citation', url: 'https://example.com/rain' },
    { type: 'citation', title: 'A book' },
  ] as const;
  async function* send({ messages }: ChatRequest) {
    const rounds = messages.filter(({ role }) => role === 'tool').length;
    if (rounds === 0) {
      yield chatUpdate({ contents: [{ type: 'text_reasoning', id: 'rs_1', part: 0, text: 'Where' }] });
      yield chatUpdate({ contents: [{ type: 'text_reasoning', id: 'rs_1', part: 0, text: '?' }] });
      yield chatUpdate({ contents: [{ type: 'text_reasoning', id: 'rs_1', part: 1, text: 'Oslo.' }] });
      yield chatUpdate({ contents: [text('I look.')], phase: 'commentary', messageId: 'msg_1' });
      yield chatUpdate({ contents: [text('In '), text(''), text('Oslo:')], messageId: 'msg_2' });
      yield chatUpdate({ contents: [{ type: 'text', text: '', annotations }], messageId: 'msg_2' });
      yield chatUpdate({ contents: [call('call_1', '', '{"a"'), call('call_2', 'weather', '')] });
      yield chatUpdate({
        contents: [call('call_1', 'weather', ':'), call('call_1', '', '1}'), call('call_2', '', '{}')],
      });
    } else if (rounds === 1) {
      yield chatUpdate({ contents: [call('call_1', 'weather', '{}')] });
    } else {
      yield chatUpdate({ contents: [text('Sunny. ')] });
      yield chatUpdate({ contents: [{ type: 'refusal', text: 'No more.' }] });
    }
    yield chatUpdate({ finishReason: rounds === 2 ? 'stop' : 'tool_calls', usage });
  }
  await using rig = await openRig({ agui: server, agent: { client: { send }, tools: [weather] } });

  const events = numbered(await run(rig, { messages: [hi], parentRunId: 'run-0' }));

  const pair = { toolCallName: 'weather', parentMessageId: 'id-4' };
  expect(events).toEqual([
    { ...started, parentRunId: 'run-0' },
    ...reasoning('id-1', 'Where', '?'),
    ...reasoning('id-2', 'Oslo.'),
    ...reasoning('id-3', 'I look.'),
    { type: 'TEXT_MESSAGE_START', messageId: 'id-4', role: 'assistant' },
    { type: 'TEXT_MESSAGE_CONTENT', messageId: 'id-4', delta: 'In ' },
    { type: 'TEXT_MESSAGE_CONTENT', messageId: 'id-4', delta: 'Oslo:' },
    { type: 'CUSTOM', name: 'citation', value: { url: 'https://example.com/oslo', title: 'Oslo' } },
    { type: 'CUSTOM', name: 'citation', value: { url: 'https://example.com/rain' } },
    { type: 'TEXT_MESSAGE_END', messageId: 'id-4' },
    { type: 'TOOL_CALL_START', toolCallId: 'call_2', ...pair },
    { type: 'TOOL_CALL_START', toolCallId: 'call_1', ...pair },
    { type: 'TOOL_CALL_ARGS', toolCallId: 'call_1', delta: '{"a":' },
    { type: 'TOOL_CALL_ARGS', toolCallId: 'call_1', delta: '1}' },
    { type: 'TOOL_CALL_ARGS', toolCallId: 'call_2', delta: '{}' },
    { type: 'TOOL_CALL_END', toolCallId: 'call_1' },
    { type: 'TOOL_CALL_END', toolCallId: 'call_2' },
    { type: 'TOOL_CALL_RESULT', messageId: 'id-5', toolCallId: 'call_1', content: 'sunny', role: 'tool' },
    { type: 'TOOL_CALL_RESULT', messageId: 'id-6', toolCallId: 'call_2', content: 'sunny', role: 'tool' },
    { type: 'TOOL_CALL_START', toolCallId: 'call_1_2', toolCallName: 'weather', parentMessageId: 'id-7' },
    { type: 'TOOL_CALL_ARGS', toolCallId: 'call_1_2', delta: '{}' },
    { type: 'TOOL_CALL_END', toolCallId: 'call_1_2' },
    { type: 'TOOL_CALL_RESULT', messageId: 'id-8', toolCallId: 'call_1_2', content: 'sunny', role: 'tool' },
    ...said('id-9', 'Sunny. ', 'No more.'),
    {
      ...finished,
      outcome: { type: 'success' },
      usage: [{ inputTokens: 27, outputTokens: 9, totalTokens: 36 }],
      metadata: { status: 'completed', finishReason: 'stop' },
    },
  ]);
});

test('a call that is cut short gets a result that says so, one without a name is not shown, and the text is kept', async () => {
  async function* send() {
    yield chatUpdate({ contents: [text('I look.'), call('call_1', 'look', '{"a'), call('call_2', '', '{')] });
    yield chatUpdate({ finishReason: 'length' });
  }
  await using rig = await openRig({ agui: server, agent: { client: { send } } });

  const events = numbered(await run(rig, { messages: [hi], tools: [{ name: 'look', description: 'Looks.' }] }));
  const session = await (await rig.get(`/sessions/${events[0]!.metadata!.sessionId}`)).json();

  const toolCallId = 'call_1';
  expect(events).toEqual([
    started,
    ...said('id-1', 'I look.'),
    { type: 'TOOL_CALL_START', toolCallId, toolCallName: 'look', parentMessageId: 'id-1' },
    { type: 'TOOL_CALL_ARGS', toolCallId, delta: '{"a' },
    { type: 'TOOL_CALL_END', toolCallId },
    {
      type: 'TOOL_CALL_RESULT',
      messageId: 'id-2',
      toolCallId,
      content: 'Error: The model was stopped before it had finished this call.',
      role: 'tool',
    },
    { ...finished, outcome: { type: 'success' }, metadata: { status: 'incomplete', finishReason: 'length' } },
  ]);
  expect(session.messages).toEqual([
    { turn: 0, role: 'user', text: 'Hi', status: null },
    { turn: 0, role: 'assistant', text: 'I look.', status: 'incomplete' },
  ]);
});

test('calls that need approval are interrupts, each with the form of its answer', async () => {
  const { pay } = paying();
  const steps = [callTool('pay', [five], { callId: 'call_1', usage })];
  await using rig = await openRig({ agui: server, agent: { tools: [pay] }, steps });

  const events = numbered(await run(rig, { messages: [hi] }));

  const toolCallId = 'call_1';
  const interrupt = {
    id: toolCallId,
    reason: 'tool_call',
    message: 'Allow the call of pay?',
    toolCallId,
    responseSchema: { type: 'object', properties: { approved: { type: 'boolean' } }, required: ['approved'] },
    expiresAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]{12}Z$/),
  };
  expect(events).toEqual([
    started,
    { type: 'TOOL_CALL_START', toolCallId, toolCallName: 'pay', parentMessageId: 'id-1' },
    { type: 'TOOL_CALL_ARGS', toolCallId, delta: five },
    { type: 'TOOL_CALL_END', toolCallId },
    {
      ...finished,
      outcome: { type: 'interrupt', interrupts: [interrupt] },
      usage: [{ ...usage, cachedInputTokens: 0, reasoningTokens: 0 }],
      metadata: { status: 'completed', finishReason: 'tool_calls' },
    },
  ]);
});

test('each event is one frame of its JSON, and nothing follows the last', async () => {
  await using rig = await openRig({ agui: server, steps: [reply(['Two ', 'pieces'])] });

  const bytes = await (await post(rig, { messages: [hi] })).text();

  expect(bytes).toMatch(/^(?:data: \{.*\}\n\n){6}$/);
});

test('an answer that fails after its first words ends the run with the error', async () => {
  const steps = [reply(['Half ', 'an answer'], { fault: truncateAfter({ chunks: 1 }) })];
  await using rig = await openRig({ agui: server, steps });

  const events = numbered(await run(rig, { messages: [hi] }));

  expect(events).toEqual([
    started,
    ...said('id-1', 'Half ').slice(0, -1),
    {
      type: 'RUN_ERROR',
      message: 'The stream stopped before the answer was finished. Ask again.',
      code: 'stream_truncated',
    },
  ]);
});

function said(messageId: string, ...deltas: readonly string[]): readonly object[] {
  return [
    { type: 'TEXT_MESSAGE_START', messageId, role: 'assistant' },
    ...deltas.map((delta) => ({ type: 'TEXT_MESSAGE_CONTENT', messageId, delta })),
    { type: 'TEXT_MESSAGE_END', messageId },
  ];
}

function reasoning(messageId: string, ...deltas: readonly string[]): readonly object[] {
  return [
    { type: 'REASONING_START', messageId },
    { type: 'REASONING_MESSAGE_START', messageId, role: 'reasoning' },
    ...deltas.map((delta) => ({ type: 'REASONING_MESSAGE_CONTENT', messageId, delta })),
    { type: 'REASONING_MESSAGE_END', messageId },
    { type: 'REASONING_END', messageId },
  ];
}
