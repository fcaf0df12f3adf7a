// How updates become messages.
import { expect, test } from 'vitest';
import { type Content, dataContent, type Message } from '../../src/index.ts';
import { mergeMetadata } from '../../src/message/metadata.ts';
import { ResponseFold, type ResponseStatus } from '../../src/message/response.ts';
import { type ChatUpdate, chatUpdate } from '../../src/seams.ts';

type Fields = Parameters<typeof chatUpdate>[0];

const text = (words: string, fields: Fields = {}): ChatUpdate =>
  chatUpdate({ contents: [{ type: 'text', text: words }], ...fields });
const holds = (...contents: Content[]): ChatUpdate => chatUpdate({ contents });

function folded(updates: readonly ChatUpdate[], status: ResponseStatus = 'completed'): readonly Message[] {
  const fold = new ResponseFold();
  for (const update of updates) fold.add(update);
  return fold.build(status).messages;
}

test('fragments of one id, or of none, are one message, and another id begins the next', () => {
  const updates = [
    text('a', { messageId: 'm1' }),
    text('b', { messageId: 'm1' }),
    text('c'),
    text('d', { messageId: 'm2' }),
  ];

  expect(folded(updates)).toEqual([
    { role: 'assistant', contents: 'abc', messageId: 'm1' },
    { role: 'assistant', contents: 'd', messageId: 'm2' },
  ]);
});

test('a fragment is joined to its call after another message began, but not to a call with a result', () => {
  const call: Content = { type: 'function_call', callId: '1', name: 'list', arguments: '' };
  const rest: Content = { ...call, name: '', arguments: '{}' };
  const result: Content = { type: 'function_result', callId: '1', result: 'x' };
  const updates = [
    text('a', { messageId: 'm1' }),
    holds(call),
    text('b', { messageId: 'm2' }),
    holds(rest),
    chatUpdate({ contents: [result], role: 'tool' }),
    holds(call),
  ];

  expect(folded(updates).map(({ contents }) => contents)).toEqual([
    [
      { type: 'text', text: 'a' },
      { ...call, arguments: '{}' },
    ],
    'b',
    [result],
    [call],
  ]);
});

test('an update without contents begins no message', () => {
  const updates = [text('a', { messageId: 'm1' }), chatUpdate({ messageId: 'm2', finishReason: 'stop' }), text('b')];

  expect(folded(updates)).toEqual([{ role: 'assistant', contents: 'ab', messageId: 'm1' }]);
});

test('a late citation is added to its message, unless tool results came in between', () => {
  const cites: Fields = { contents: [{ type: 'text', text: '', annotations: [{ type: 'citation', title: 'A' }] }] };
  const result: Content = { type: 'function_result', callId: '1', result: 'x' };
  const cited = [{ type: 'text', text: 'a', annotations: [{ type: 'citation', title: 'A' }] }];

  const late = folded([
    text('a', { messageId: 'm1' }),
    text('b', { messageId: 'm2' }),
    chatUpdate({ ...cites, messageId: 'm1' }),
    text('c'),
  ]);
  const nextRound = folded([
    text('a', { messageId: 'm1' }),
    chatUpdate({ contents: [result], role: 'tool' }),
    chatUpdate({ ...cites, messageId: 'm1' }),
  ]);

  expect(late.map(({ contents }) => contents)).toEqual([cited, 'bc']);
  expect(nextRound.map(({ role }) => role)).toEqual(['assistant', 'tool', 'assistant']);
});

test('a message that would hold nothing is left out', () => {
  const asked: Content = { type: 'approval_request', callId: '1', name: 'remove', arguments: '{}' };

  expect(folded([text('a', { messageId: 'm1' }), chatUpdate({ contents: [asked], messageId: 'm2' })])).toEqual([
    { role: 'assistant', contents: 'a', messageId: 'm1' },
  ]);
});

test('the phase of a message may come with a later fragment, and is kept without an id', () => {
  expect(folded([text('a'), text('b', { phase: 'final_answer' })])).toStrictEqual([
    { role: 'assistant', contents: 'ab', phase: 'final_answer' },
  ]);
});

test.each(['cancelled', 'failed', 'incomplete'] as const)('a run that is %s marks the last message alone', (status) => {
  const updates = [text('a', { messageId: 'm1' }), text('b', { messageId: 'm2' })];

  expect(folded(updates, status)).toStrictEqual([
    { role: 'assistant', contents: 'a', messageId: 'm1' },
    { role: 'assistant', contents: 'b', messageId: 'm2', status },
  ]);
});

test('results of tools carry no mark when the run is interrupted behind them', () => {
  const result: Content = { type: 'function_result', callId: '1', result: 'x' };

  expect(folded([chatUpdate({ contents: [result], role: 'tool' })], 'failed')).toStrictEqual([
    { role: 'tool', contents: [result] },
  ]);
});

test('two images, two items of the service, and a refusal behind reasoning stay apart', () => {
  const contents: Content[] = [
    { type: 'uri', uri: 'https://a.example/1.png', mediaType: 'image/png' },
    { type: 'uri', uri: 'https://a.example/2.png', mediaType: 'image/png' },
    { type: 'service_item', name: 'search', opaque: {} },
    { type: 'service_item', name: 'search', opaque: {} },
    { type: 'text_reasoning', text: 'Hm' },
    { type: 'refusal', text: 'No' },
    { type: 'text_reasoning', text: 'Well' },
  ];

  expect(folded(contents.map((content) => holds(content)))).toEqual([{ role: 'assistant', contents }]);
});

test('fragments of a refusal, and of reasoning, are joined', () => {
  const fragments: Content[] = [
    { type: 'text_reasoning', text: 'H' },
    { type: 'text_reasoning', text: 'm', id: 'r1' },
    { type: 'refusal', text: 'N' },
    { type: 'refusal', text: 'o' },
  ];

  const [message] = folded(fragments.map((content) => holds(content)));

  expect(message?.contents).toEqual([
    { type: 'text_reasoning', text: 'H' },
    { type: 'text_reasoning', text: 'm', id: 'r1' },
    { type: 'refusal', text: 'No' },
  ]);
});

test('fragments of parallel calls are joined by the id of their call', () => {
  const part = (callId: string, name: string, args: string): ChatUpdate =>
    holds({ type: 'function_call', callId, name, arguments: args });

  const [message] = folded([
    part('1', 'give', '{"a"'),
    part('2', 'take', '{'),
    part('1', '', ':1}'),
    part('2', '', '}'),
  ]);

  expect(message?.contents).toEqual([
    { type: 'function_call', callId: '1', name: 'give', arguments: '{"a":1}' },
    { type: 'function_call', callId: '2', name: 'take', arguments: '{}' },
  ]);
});

test('what one side says of an answer stands, and log probabilities there are none of are not made up', () => {
  const left = { model: 'm-1', requestId: 'r1' };

  expect([mergeMetadata(left, null), mergeMetadata(null, left), mergeMetadata(null, null)]).toEqual([left, left, null]);
  expect(mergeMetadata(left, { model: 'm-2' })).toStrictEqual({ model: 'm-2', requestId: 'r1' });
  expect(mergeMetadata({ logprobs: [1] }, left)).toStrictEqual({ ...left, logprobs: [1] });
});

test('bytes without a name are a data URI without one', () => {
  expect(dataContent(new Uint8Array([1, 2]), 'image/png')).toStrictEqual({
    type: 'data',
    uri: 'data:image/png;base64,AQI=',
    mediaType: 'image/png',
  });
});
