import type { ChatUpdate, JsonObject } from '@turnstream/core/seams';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isSafeKey } from '../../../../scripts/safe-key.ts';
import { frameParser, MAX_FRAME_CHARS } from '../../src/call/answer-body.ts';
import { FrameReader } from '../../src/call/frame-reader.ts';
import { FrameTemplate } from '../../src/call/frame-template.ts';
import { ChatDecoder } from '../../src/chat-completions/answer.ts';
import { ResponsesDecoder } from '../../src/responses/answer.ts';

const context = { redact: (text: string) => text, requestId: null };

const NAMES = ['content', 'created', 'delta', 'obfuscation', 'reasoning', 'sequence_number', 'a"delta', '__proto__'];
const tricky = fc.constantFrom('"', '\\', '\\"', '","delta":"', '"delta":"', '\n', '\u0000', '\ud800', '日本', '');
// `unit: 'binary'` makes the same, but builds a table of all code points first, which takes seconds.
const codePoint = fc.nat(0x10f7ff).map((at) => String.fromCodePoint(at < 0xd800 ? at : at + 0x800));
const text = fc.oneof(fc.string(), tricky, fc.string({ unit: codePoint }));
const value = fc.oneof(text, fc.nat(), fc.double({ noNaN: true }), fc.constantFrom(null, true, [], {}));
const safeKey = fc.string().filter(isSafeKey);
const members = fc.dictionary(fc.oneof(fc.constantFrom(...NAMES), safeKey), value, { maxKeys: 5 });
const space = fc.constantFrom(0, 1, ' ');

/** Frames of one shape, written alike, as services send them in a row. */
const run = fc.oneof(
  fc
    .array(text, { maxLength: 12 })
    .map((texts) => texts.map((content) => ({ id: 'a', choices: [{ delta: { content } }] }))),
  fc
    .record({ texts: fc.array(text, { maxLength: 24 }), from: fc.nat(), rest: members })
    .map(({ texts, from, rest }) => texts.map((delta, at) => ({ sequence_number: from + at, delta, ...rest }))),
  fc.array(members, { maxLength: 3 }),
);
const frames = fc
  .array(fc.tuple(run, space), { minLength: 1, maxLength: 6 })
  .map((runs) => runs.flatMap(([each, indent]) => each.map((frame) => JSON.stringify(frame, null, indent))));

/** As server-sent events say it: a line each. */
const sent = (data: string): string =>
  `${data
    .split('\n')
    .map((line) => `data: ${line}\n`)
    .join('')}\n`;

test('whatever the frames, their order and the cuts, each is read as JSON.parse reads it', () => {
  fc.assert(
    fc.property(frames, fc.array(fc.nat({ max: 200 }), { minLength: 1 }), (all, lengths) => {
      const reader = new FrameReader(context);
      const read: string[] = [];
      const parser = frameParser(MAX_FRAME_CHARS, (event, data) => read.push(JSON.stringify(reader.read(event, data))));
      const body = all.map(sent).join('');

      for (let at = 0, cut = 0; at < body.length; cut += 1) {
        const length = (lengths[cut % lengths.length] ?? 0) + 1;
        parser.feed(body.slice(at, at + length));
        at += length;
      }

      expect(read).toEqual(all.map((data) => JSON.stringify(JSON.parse(data))));
    }),
    { numRuns: 300, examples: [[Array.from({ length: 40 }, (_, at) => `{"delta":"${at}"}`), [7]]] },
  );
});

const chat = (delta: string, rest = ''): string => `{"id":"a","choices":[{"delta":${delta}}]${rest}}`;
const event = (fields: string): string => `{"sequence_number":4,${fields},"obfuscation":"x"}`;

test.each([
  ['a text', chat('{"content":"a"}'), chat('{"content":"b c"}')],
  ['no text', chat('{"content":"a"}'), chat('{"content":""}')],
  ['quotes and backslashes', chat('{"content":"a"}'), chat(String.raw`{"content":"\"b\\\\\""}`)],
  ['escapes', chat('{"content":"a"}'), chat(String.raw`{"content":"\u00e9\n\ud83d"}`)],
  ['spaces', '{"delta": "a", "n": 1}', '{"delta": "b", "n": 1}'],
  ['another number', event('"delta":"a"'), event('"delta":"b"').replace('4', '123456789')],
  ['a number that is not safe', event('"delta":"a"'), event('"delta":"b"').replace('4', '12345678901234567890')],
])('%s fits', (_, first, second) => {
  const template = FrameTemplate.of(first);

  const read = template?.read(second);

  expect(read).toStrictEqual(JSON.parse(second));
});

test.each([
  ['a text that closes early', chat('{"content":"a"}'), chat('{"content":"b","role":"c"}')],
  ['a quote that is not escaped', chat('{"content":"a"}'), chat('{"content":"b"c"}')],
  ['an escape that does not exist', chat('{"content":"a"}'), chat(String.raw`{"content":"\x"}`)],
  ['a control character', chat('{"content":"a"}'), chat('{"content":"\n"}')],
  ['no value', chat('{"content":"a"}'), chat('{"content":null}')],
  ['a list', chat('{"content":"a"}'), chat('{"content":["b"]}')],
  ['another id', chat('{"content":"a"}'), chat('{"content":"b"}').replace('"id":"a"', '"id":"b"')],
  ['a member more', chat('{"content":"a"}'), chat('{"content":"b"}', ',"usage":{}')],
  ['more behind it', chat('{"content":"a"}'), `${chat('{"content":"b"}')} `],
  ['half of it', chat('{"content":"a"}'), chat('{"content":"b"}').slice(0, -4)],
  ['a fraction', event('"delta":"a"'), event('"delta":"b"').replace('4', '4.5')],
  ['a negative number', event('"delta":"a"'), event('"delta":"b"').replace('4', '-4')],
  ['a power', event('"delta":"a"'), event('"delta":"b"').replace('4', '4e2')],
  ['a number with a zero before it', event('"delta":"a"'), event('"delta":"b"').replace('4', '04')],
  ['a text for a number', event('"delta":"a"'), event('"delta":"b"').replace('4', '"4"')],
])('%s does not fit', (_, first, second) => {
  const template = FrameTemplate.of(first);

  const read = template?.read(second);

  expect(read).toBeNull();
});

test.each([
  ['the same name twice', '{"delta":"a","delta":"b"}'],
  ['the same name twice, written differently', String.raw`{"delta":"a","\u0064elta":"b"}`],
  ['the value of another object', '{"item":{"delta":"a"}}'],
  ['a name that ends alike', String.raw`{"a\"delta":"b"}`],
  ['a fraction', '{"created":1.5}'],
  ['a fraction too small for a large number', '{"created":1.0000000001}'],
  ['a power', '{"created":1e0}'],
  ['no value that changes', '{"id":"a"}'],
  ['a list', '[{"delta":"a"}]'],
])('%s makes no template', (_, data) => {
  const template = FrameTemplate.of(data);

  expect(template).toBeNull();
});

const LOGPROBS = { content: [{ token: 'a', logprob: -0.5 }] };
const CALL = { index: 0, id: 'call_1', function: { name: 'f', arguments: '{}' }, extra_content: { signature: 'x' } };
const deltas: readonly object[] = [
  { content: 'a' },
  { reasoning_content: 'b' },
  {
    content: [
      { type: 'text', text: 'c' },
      { type: 'odd', content: 'd' },
    ],
  },
  { content: 'e', tool_calls: [CALL], annotations: [{ type: 'url_citation', content: 'f' }] },
];
const chatFrames = deltas.map((delta) => ({ id: 'a', choices: [{ index: 0, delta, logprobs: LOGPROBS }] }));
const item = { type: 'web_search_call', id: 'ws_1', content: 'a' };
const responsesFrames = [
  { type: 'response.output_text.delta', item_id: 'msg_1', delta: 'a' },
  { type: 'response.reasoning_text.delta', item_id: 'rs_1', delta: 'b' },
  { type: 'response.output_item.done', item },
  { type: 'response.output_text.annotation.added', item_id: 'msg_1', annotation: { content: 'c' } },
];

test.each([
  { name: 'Chat Completions', newAnswer: () => new ChatDecoder(context), shapes: chatFrames },
  { name: 'Responses', newAnswer: () => new ResponsesDecoder(context, false), shapes: responsesFrames },
])('over $name, frames that are alike give the updates they would give if none were', ({ newAnswer, shapes }) => {
  const all = shapes.flatMap((shape) => Array.from({ length: 40 }, (): JsonObject => ({ ...shape })));
  const updatesOf = (list: readonly JsonObject[]): ChatUpdate[] => {
    const [answer, updates]: [ReturnType<typeof newAnswer>, ChatUpdate[]] = [newAnswer(), []];
    for (const frame of list) answer.takeFrame(undefined, JSON.stringify(frame), updates);
    return updates;
  };

  const updates = updatesOf(all);

  expect(updates.length).toBeGreaterThan(80);
  expect(updates).toStrictEqual(updatesOf(all.map((frame, at) => ({ ...frame, [`differs ${at}`]: true }))));
});
