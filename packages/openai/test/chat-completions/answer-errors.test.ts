// Frames that say nothing, report an error, or do not belong to Chat Completions.
import { AgentError } from '@turnstream/core';
import type { ChatUpdate } from '@turnstream/core/seams';
import { expect, test } from 'vitest';
import { ChatDecoder } from '../../src/chat-completions/answer.ts';
import { chunk, context, decode } from './answer-chunks.ts';

test('a code that is a number and no status is the code', () => {
  const act = () => decode({ error: { code: 1302, message: 'Too fast' } });

  expect(act).toThrow(expect.objectContaining({ code: 'response_failed', serviceCode: '1302' }));
  expect(act).not.toThrow(expect.objectContaining({ status: expect.anything() }));
});

test.each([
  ['no choices', {}],
  ['choices that are null', { choices: null }],
  ['choices that are a text', { choices: 'x' }],
  ['a choice that is null', { choices: [null] }],
  ['another choice', { choices: [{ index: 1, delta: { content: 'x' } }] }],
  ['a huge index', { choices: [{ index: 1e300, delta: { content: 'x' } }] }],
  ['a negative index', { choices: [{ index: -1, delta: { content: 'x' } }] }],
  ['content that is a number', { choices: [{ delta: { content: 7 }, finish_reason: 7 }], usage: 'many' }],
  ['an unknown object', { object: 'chat.completion.surprise', note: 'x' }],
  ['null', null],
  ['a number', 7],
])('a frame with %s says nothing', (_, frame) => {
  const answer = new ChatDecoder(context());
  const updates: ChatUpdate[] = [];

  answer.takeFrame(undefined, JSON.stringify(frame), updates);

  expect(updates.map((update) => update.text).join('')).toBe('');
  expect(answer.progress).toBe('open');
});

test('an empty frame, as some services send to keep a connection open, says nothing', () => {
  expect(decode('').updates).toEqual([]);
});

test('keys named __proto__ change no prototype', () => {
  const frame = '{"__proto__":{"polluted":1},"choices":[{"delta":{"__proto__":{"polluted":1},"content":"Hi"}}]}';

  const { updates } = decode(frame);

  expect(updates.at(-1)?.text).toBe('Hi');
  expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
});

test('a frame that is not JSON fails as stream_malformed and is not quoted', () => {
  const act = () => decode(chunk({ content: 'Hi' }), '{"choices":[{"delta":{"content":"secret words');

  expect(act).toThrow(
    expect.objectContaining({
      code: 'stream_malformed',
      message: 'The stream held a frame that is not JSON. Ask again.',
    }),
  );
});

test.each([
  ['nested', undefined, { error: { code: 'rate_limit_exceeded', message: 'Slow down' } }, 'rate_limited'],
  ['nested, by type', undefined, { error: { type: 'server_error', message: 'Oops' } }, 'server_error'],
  ['nested, unknown', undefined, { error: { code: 'strange', message: 'Oops' } }, 'response_failed'],
  ['nested, with a status for a code', undefined, { error: { code: 429, message: 'Slow down' } }, 'rate_limited'],
  ['a text', undefined, { error: 'Oops' }, 'response_failed'],
  ['empty', undefined, { error: {} }, 'response_failed'],
  ['flat', undefined, { type: 'error', code: 'context_length_exceeded', message: 'Too long' }, 'context_length'],
  [
    'an object named error',
    undefined,
    { object: 'error', type: 'BadRequestError', code: 400, message: 'x' },
    'bad_request',
  ],
  ['named', 'error', { code: 'content_filter', message: 'No' }, 'content_filter'],
  ['named, nested', 'error', { error: { code: 'server_error' } }, 'server_error'],
  ['named, not JSON', 'error', 'Internal error', 'response_failed'],
])('an error frame, %s, throws', (_, event, frame, code) => {
  const answer = new ChatDecoder(context());
  const data = typeof frame === 'string' ? frame : JSON.stringify(frame);

  const act = () => answer.takeFrame(event, data, []);

  expect(act).toThrow(expect.objectContaining({ name: 'AgentError', code }));
});

test.each([[{}], [{ choices: [] }], [{ choices: [{ index: 0 }] }], [{ id: 'resp_1', output: [] }]])(
  'JSON that is not a completion is refused: %j',
  (body) => {
    const act = () => new ChatDecoder(context()).takeWhole(body, []);

    expect(act).toThrow(AgentError);
    expect(act).toThrow(
      expect.objectContaining({
        code: 'not_a_stream',
        message: 'The answer is JSON, but not a chat completion. Check the base URL.',
      }),
    );
  },
);
