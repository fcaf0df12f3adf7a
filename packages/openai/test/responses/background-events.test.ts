import { type BackgroundEvent, chatUpdate, ResponseFold } from '@turnstream/core/seams';
import { expect, test } from 'vitest';
import { BackgroundEventDecoder } from '../../src/responses/background-events.ts';

const context = () => ({ redact: (text: string) => text, requestId: null });
const from = { role: 'assistant', responseId: 'resp_203' } as const;

const said = (text: string) => ({
  type: 'message',
  id: 'msg_203',
  content: [{ type: 'output_text', text, annotations: [] }],
});
const response = (status: string, ...output: object[]) => ({ response: { id: 'resp_203', status, output } });
const delta = (text: string) => ({
  type: 'response.output_text.delta',
  item_id: 'msg_203',
  output_index: 0,
  delta: text,
});

/** The events of one background response, in order; the place of each is its number. */
const script = [
  { type: 'response.created', ...response('queued') },
  { type: 'response.queued', ...response('queued') },
  { type: 'response.in_progress', ...response('in_progress') },
  { type: 'response.output_item.added', output_index: 0, item: { type: 'message', id: 'msg_203', content: [] } },
  { type: 'response.content_part.added', item_id: 'msg_203', part: { type: 'output_text', text: '' } },
  delta('Alpha '),
  delta('beta '),
  delta('gamma '),
  delta('delta.'),
  { type: 'response.output_text.done', item_id: 'msg_203', text: 'Alpha beta gamma delta.' },
  { type: 'response.content_part.done', item_id: 'msg_203', part: { type: 'output_text' } },
  { type: 'response.output_item.done', output_index: 0, item: said('Alpha beta gamma delta.') },
  { type: 'response.completed', ...response('completed', said('Alpha beta gamma delta.')) },
].map((event, sequence_number) => ({ ...event, sequence_number }));

function read(
  frames: readonly object[],
  after: number | null = null,
): { events: BackgroundEvent[]; answer: BackgroundEventDecoder } {
  const answer = new BackgroundEventDecoder(context(), { responseId: 'resp_203', after });
  const events: BackgroundEvent[] = [];
  for (const frame of frames) {
    if (answer.progress !== 'ended') answer.takeFrame(undefined, JSON.stringify(frame), events);
  }
  return { events, answer };
}

const textsOf = (events: readonly BackgroundEvent[]) =>
  events.map(({ sequenceNumber, update }) => [sequenceNumber, update.text]).filter(([, text]) => text !== '');

test('every event that says something is one update under its number', () => {
  const { events, answer } = read(script);

  const text = (value: string) =>
    chatUpdate({ ...from, messageId: 'msg_203', contents: [{ type: 'text', text: value }] });
  expect(events).toEqual([
    { sequenceNumber: 0, update: chatUpdate(from) },
    { sequenceNumber: 5, update: text('Alpha ') },
    { sequenceNumber: 6, update: text('beta ') },
    { sequenceNumber: 7, update: text('gamma ') },
    { sequenceNumber: 8, update: text('delta.') },
    { sequenceNumber: 12, update: chatUpdate({ ...from, finishReason: 'stop', conversationId: 'resp_203' }) },
  ]);
  expect(answer.progress).toBe('ended');
});

test('resumed after any number, the rest of the texts arrives once', () => {
  for (let after = 0; after < script.length; after += 1) {
    const { events } = read(script.slice(after + 1), after);
    const before = read(script.slice(0, after + 1)).events;

    expect([...textsOf(before), ...textsOf(events)]).toEqual(textsOf(read(script).events));
  }
});

test('a service that repeats what came before is heard only from there on', () => {
  const { events } = read(script, 6);

  expect(textsOf(events)).toEqual([
    [7, 'gamma '],
    [8, 'delta.'],
  ]);
});

test('events that come twice count once', () => {
  const { events } = read(script.flatMap((event) => [event, event]));

  expect(events).toEqual(read(script).events);
});

test('one that comes once more later, under its old number, is no gap', () => {
  const { events } = read([...script.slice(0, 7), script[5]!, ...script.slice(7)]);

  expect(events).toEqual(read(script).events);
});

test('what follows a gap is held back, and the end makes up for it in one event', () => {
  const { events, answer } = read(script.filter(({ sequence_number }) => sequence_number !== 6));

  expect(textsOf(events)).toEqual([
    [5, 'Alpha '],
    [12, 'beta gamma delta.'],
  ]);
  expect(events.at(-1)?.update).toMatchObject({ messageId: 'msg_203', finishReason: 'stop' });
  expect(answer.progress).toBe('ended');
});

test('a gap in a resumed stream is stream_malformed, and nothing after the gap is delivered', () => {
  const answer = new BackgroundEventDecoder(context(), { responseId: 'resp_203', after: 5 });
  const events: BackgroundEvent[] = [];
  const act = () => {
    for (const frame of script.slice(7)) answer.takeFrame(undefined, JSON.stringify(frame), events);
  };

  expect(act).toThrow(expect.objectContaining({ code: 'stream_malformed' }));
  expect(events).toEqual([]);
});

test('what the end makes up for may be of several kinds, and is one event', () => {
  const content = [
    { type: 'output_text', text: 'Alpha beta ' },
    { type: 'refusal', refusal: 'no more.' },
  ];
  const end = { type: 'response.completed', ...response('completed', { type: 'message', id: 'msg_203', content }) };

  const { events } = read([...script.slice(0, 6), { ...end, sequence_number: 9 }]);

  expect(events.at(-1)).toMatchObject({
    sequenceNumber: 9,
    update: {
      text: 'beta no more.',
      contents: [
        { type: 'text', text: 'beta ' },
        { type: 'refusal', text: 'no more.' },
      ],
      finishReason: 'stop',
    },
  });
});

test.each([['final_answer'], [null]])(
  'an answer that comes only with the last event does not become part of the commentary before it: phase %s',
  (phase) => {
    const item = (id: string, text: string, of: string | null) => ({ ...said(text), id, phase: of });
    const output = [item('m1', 'I look. ', 'commentary'), item('m2', 'It is noon.', phase)];
    const frames = [
      script[0]!,
      { type: 'response.output_item.added', item: item('m1', '', 'commentary'), sequence_number: 1 },
      { ...delta('I '), item_id: 'm1', sequence_number: 2 },
      { type: 'response.completed', ...response('completed', ...output), sequence_number: 9 },
    ];

    const { events } = read(frames);
    const fold = new ResponseFold();
    for (const { update } of events) fold.add(update);

    expect(events.at(-1)?.update).toMatchObject({ text: 'It is noon.', messageId: 'm2', phase });
    expect(fold.build('completed').text).toBe('It is noon.');
  },
);

const call = { type: 'function_call', id: 'fc_1', call_id: 'call_1', name: 'get_weather' };
const callScript = [
  { type: 'response.created', ...response('queued') },
  { type: 'response.output_item.added', output_index: 0, item: { ...call, arguments: '' } },
  { type: 'response.function_call_arguments.delta', item_id: 'fc_1', output_index: 0, delta: '{"city":' },
  { type: 'response.function_call_arguments.delta', item_id: 'fc_1', output_index: 0, delta: '"Oslo"}' },
  { type: 'response.function_call_arguments.done', item_id: 'fc_1', output_index: 0, arguments: '{"city":"Oslo"}' },
  { type: 'response.output_item.done', output_index: 0, item: { ...call, arguments: '{"city":"Oslo"}' } },
  { type: 'response.completed', ...response('completed', { ...call, arguments: '{"city":"Oslo"}' }) },
].map((event, sequence_number) => ({ ...event, sequence_number }));

test('a call is given out once, also after a gap within it', () => {
  const argumentsOf = (events: readonly BackgroundEvent[]) =>
    events.flatMap(({ update }) => update.contents.map((content) => (content as { arguments: string }).arguments));

  const whole = read(callScript).events;
  const lossy = read(callScript.filter(({ sequence_number }) => sequence_number !== 3)).events;
  const left = read(callScript.slice(6), 5).events;

  expect(argumentsOf(whole)).toEqual(['{"city":', '"Oslo"}']);
  expect(argumentsOf(lossy)).toEqual(['{"city":', '"Oslo"}']);
  expect(lossy.at(-1)).toMatchObject({ sequenceNumber: 6, update: { finishReason: 'tool_calls' } });
  expect(argumentsOf(left)).toEqual([]);
  expect(left.at(-1)?.update.finishReason).toBe('tool_calls');
});

test.each([
  ['failed', { type: 'response.failed', ...response('failed') }],
  ['cancelled', { type: 'response.cancelled', ...response('cancelled') }],
  ['cancelled, as the service says it', { type: 'response.failed', ...response('cancelled') }],
])('a response that %s has ended, and says nothing by it', (_, end) => {
  const { events, answer } = read([...script.slice(0, 6), { ...end, sequence_number: 6 }]);

  expect(textsOf(events)).toEqual([[5, 'Alpha ']]);
  expect(events).toHaveLength(2);
  expect(answer.progress).toBe('ended');
});

test('an incomplete response ends with its reason', () => {
  const details = { incomplete_details: { reason: 'max_output_tokens' } };
  const end = {
    type: 'response.incomplete',
    response: { id: 'resp_203', status: 'incomplete', output: [], ...details },
  };

  const { events } = read([...script.slice(0, 6), { ...end, sequence_number: 6 }]);

  expect(events.at(-1)).toMatchObject({ sequenceNumber: 6, update: { finishReason: 'length' } });
});

test('an error in the stream throws, and the response has not ended by it', () => {
  const act = () => read([script[0]!, { type: 'error', sequence_number: 1, code: 'server_error', message: 'Oops' }]);

  expect(act).toThrow(expect.objectContaining({ code: 'server_error' }));
});

test('events without numbers could not be resumed, so they are refused', () => {
  const act = () => read(script.map((event) => ({ ...event, sequence_number: undefined })));

  const message = 'The service does not number its events. Use wait() instead.';
  expect(act).toThrow(expect.objectContaining({ code: 'stream_malformed', message }));
});

test.each([[''], ['null'], ['[1]'], ['[DONE]'], ['{"type":"response.surprise"}']])('%j is not an event', (data) => {
  const answer = new BackgroundEventDecoder(context(), { responseId: 'resp_203', after: null });
  const events: BackgroundEvent[] = [];

  answer.takeFrame(undefined, data, events);

  expect(events).toEqual([]);
  expect(answer.progress).toBe('open');
});
