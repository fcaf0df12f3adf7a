// The chunks of an answer for `useChat`: a fold from updates, without a server.
import type { AgentResponse, Content } from '@turnstream/core';
import { expect, test } from 'vitest';
import { UiChunks } from '../../src/protocols/ui/chunks.ts';
import type { Chunk } from '../../src/protocols/ui/tool-chunks.ts';

const folded = (): UiChunks => new UiChunks({ sessionId: 's1', messageId: 'm1', answered: [] });
const said = (...contents: Content[]) => ({ contents, phase: null });
const call = (name: string, fragment: string): Content => ({
  type: 'function_call',
  callId: 'c1',
  name,
  arguments: fragment,
});

test.each([
  ['completed', 'stop', { finishReason: 'stop' }],
  ['incomplete', 'length', { finishReason: 'length' }],
  ['completed', 'tool_calls', { finishReason: 'tool-calls' }],
  ['completed', 'content_filter', { finishReason: 'content-filter' }],
  ['completed', 'recitation', { finishReason: 'other' }],
  ['completed', null, {}],
  // The client sends no queued message after it.
  ['cancelled', null, { finishReason: 'interrupted' }],
] as const)('an answer that is %s with the reason %j finishes with %j', (status, finishReason, reason) => {
  const response = { status, finishReason, usage: null, approvals: [] } as unknown as AgentResponse;

  const messageMetadata = { sessionId: 's1', status, usage: null };
  expect(folded().done(response)).toEqual([{ type: 'finish', ...reason, messageMetadata }]);
});

test('a call that never got a name is not shown, and neither is its result', () => {
  const fold = folded();
  const result: Content = { type: 'function_result', callId: 'c1', result: 'Error', error: 'unknown_tool' };

  const chunks = [call('', '{}'), result].flatMap((content) => fold.update(said(content)));

  expect(chunks).toEqual([{ type: 'start-step' }, { type: 'finish-step' }]);
});

test('a call begins once it has a name, with the arguments that were there before', () => {
  const fold = folded();

  const chunks = ['', 'get_weather', ''].map((name, index) =>
    fold.update(said(call(name, ['{"ci', 'ty":', '"Oslo"}'][index]!))),
  );

  expect(chunks).toEqual([
    [{ type: 'start-step' }],
    [
      { type: 'tool-input-start', toolCallId: 'c1', toolName: 'get_weather' },
      { type: 'tool-input-delta', toolCallId: 'c1', inputTextDelta: '{"city":' },
    ],
    [{ type: 'tool-input-delta', toolCallId: 'c1', inputTextDelta: '"Oslo"}' }],
  ]);
});

test.each<[args: string, input: Chunk]>([
  ['{"city":"Oslo"}', { type: 'tool-input-available', input: { city: 'Oslo' } }],
  ['["Oslo"]', { type: 'tool-input-available', input: ['Oslo'] }],
  ['{"ci', { type: 'tool-input-error', input: '{"ci', errorText: 'The arguments of this call are not valid JSON.' }],
])('the whole arguments %s come before the result', (args, input) => {
  const fold = folded();
  fold.update(said(call('get_weather', args)));

  const chunks = fold.update(said({ type: 'function_result', callId: 'c1', result: 'Rain.' }));

  expect(chunks).toEqual([
    { ...input, toolCallId: 'c1', toolName: 'get_weather' },
    { type: 'tool-output-available', toolCallId: 'c1', output: 'Rain.' },
    { type: 'finish-step' },
  ]);
});

const step = { type: 'start-step' };
const annotated: Content = {
  type: 'text',
  text: 'See.',
  annotations: [{ type: 'citation', url: 'https://example.com/' }],
};

test.each<[string, Content, readonly Chunk[]]>([
  ['a refusal', { type: 'refusal', text: 'No.' }, [step, ...begun('text', 'No.')]],
  ['reasoning', { type: 'text_reasoning', text: 'Hm.' }, [step, ...begun('reasoning', 'Hm.')]],
  [
    'a source without a title',
    annotated,
    [step, ...begun('text', 'See.'), { type: 'source-url', sourceId: 'source-1', url: 'https://example.com/' }],
  ],
  [
    'a file of bytes',
    { type: 'data', uri: 'data:image/png;base64,Y2F0', mediaType: 'image/png' },
    [step, { type: 'file', url: 'data:image/png;base64,Y2F0', mediaType: 'image/png' }],
  ],
  [
    'a call without arguments',
    call('look', ''),
    [step, { type: 'tool-input-start', toolCallId: 'c1', toolName: 'look' }],
  ],
  ['an empty text', { type: 'text', text: '' }, []],
  ['a request for approval', { type: 'approval_request', callId: 'c1', name: 'pay', arguments: '{}' }, []],
])('%s is shown with its chunks', (_what, content, chunks) => {
  expect(folded().update(said(content))).toEqual(chunks);
});

test('the result of a call that was approved follows without the arguments, which the client has', () => {
  const answered = [{ callId: 'c1', name: 'pay', arguments: '{}', approved: true }];
  const fold = new UiChunks({ sessionId: 's1', messageId: 'm1', answered });

  const chunks = fold.update(said({ type: 'function_result', callId: 'c1', result: 'paid' }));

  expect(chunks).toEqual([{ type: 'tool-output-available', toolCallId: 'c1', output: 'paid' }]);
});

test('a later call may have the id of one that has its result', () => {
  const fold = folded();
  const result = said({ type: 'function_result', callId: 'c1', result: 'Rain.' });
  const once = [said(call('get_weather', '{"city":"Oslo"}')), result];

  const rounds = [once, once].map((updates) => updates.flatMap((update) => fold.update(update)));

  expect(rounds[1]).toEqual(rounds[0]);
});

function begun(kind: 'reasoning' | 'text', delta: string): readonly Chunk[] {
  return [
    { type: `${kind}-start`, id: `${kind}-1` },
    { type: `${kind}-delta`, id: `${kind}-1`, delta },
  ];
}
