import { AgentError } from '@turnstream/core';
import { type ChatUpdate, chatUpdate } from '@turnstream/core/seams';
import { expect, test } from 'vitest';
import { ChatDecoder } from '../../src/chat-completions/answer.ts';

const context = () => ({ redact: (text: string) => text, requestId: null });
const from = { role: 'assistant', responseId: 'chatcmpl-1' } as const;

/** What these payloads come to, fed one frame each. */
function read(...frames: readonly (object | string)[]): { updates: ChatUpdate[]; answer: ChatDecoder } {
  const answer = new ChatDecoder(context());
  const updates: ChatUpdate[] = [];
  for (const frame of frames) {
    answer.takeFrame(undefined, typeof frame === 'string' ? frame : JSON.stringify(frame), updates);
  }
  return { updates, answer };
}

function chunk(delta: unknown, rest: object = {}): object {
  return {
    id: 'chatcmpl-1',
    object: 'chat.completion.chunk',
    choices: [{ index: 0, delta, finish_reason: null, ...rest }],
  };
}

const text = (value: string) => chatUpdate({ ...from, contents: [{ type: 'text', text: value }] });
const counted = { prompt_tokens: 9, completion_tokens: 2, total_tokens: 11 };

test('role, texts, finish reason and usage become one update each; the rest none', () => {
  const { updates, answer } = read(
    { id: '', choices: [], prompt_filter_results: [{ prompt_index: 0, content_filter_results: {} }] },
    chunk({ role: 'assistant' }),
    chunk({ content: '' }),
    chunk({ content: 'Yes' }),
    chunk({}),
    chunk({ content: '.' }),
    chunk(null, { finish_reason: 'stop' }),
    { id: 'chatcmpl-1', choices: [], usage: counted },
    '[DONE]',
  );

  expect(updates).toEqual([
    chatUpdate(from),
    text('Yes'),
    text('.'),
    chatUpdate({ ...from, finishReason: 'stop' }),
    chatUpdate({ ...from, usage: { inputTokens: 9, outputTokens: 2, totalTokens: 11 } }),
  ]);
  expect(answer.progress).toBe('ended');
});

test('every update has its fields in the order of chatUpdate, so that all share one hidden class', () => {
  const { updates } = read(chunk({ content: 'Hi' }), chunk({}, { finish_reason: 'stop' }), '[DONE]');

  for (const update of updates) expect(Object.keys(update)).toEqual(Object.keys(chatUpdate({})));
});

test.each([
  ['nothing yet', [chunk({ content: 'Hi' })], 'open'],
  ['a finish reason', [chunk({ content: 'Hi' }), chunk({}, { finish_reason: 'length' })], 'finished'],
  ['an empty finish reason', [chunk({ content: 'Hi' }, { finish_reason: '' })], 'open'],
  ['[DONE] alone', [chunk({ content: 'Hi' }), '[DONE]'], 'ended'],
  ['[DONE] and a blank', [chunk({ content: 'Hi' }), '[DONE] '], 'ended'],
  ['words about [DONE]', [chunk({ content: '[DONE]' })], 'open'],
  ['a list instead of an object', ['[1]'], 'open'],
  ['finish reason and usage in one', [{ ...chunk({}, { finish_reason: 'stop' }), usage: counted }], 'ended'],
  [
    'usage before the finish reason',
    [{ ...chunk({}), usage: counted }, chunk({}, { finish_reason: 'stop' })],
    'finished',
  ],
])('after %s the answer is %s', (_, frames, progress) => {
  expect(read(...(frames as object[])).answer.progress).toBe(progress);
});

test.each([
  ['the same finish reason is given out once', 'stop', ['stop']],
  ['another finish reason is given out too', 'length', ['stop', 'length']],
])('an answer may go on after a finish reason, and %s', (_what, second, told) => {
  const { updates, answer } = read(
    chunk({ content: 'a' }, { finish_reason: 'stop' }),
    chunk({ content: 'b' }, { finish_reason: second }),
    chunk({}, { finish_reason: second }),
  );

  expect(updates.flatMap(({ finishReason }) => finishReason ?? [])).toEqual(told);
  expect(updates.map((update) => update.text).join('')).toBe('ab');
  expect(answer.progress).toBe('finished');
});

test('a service that counts on every chunk is counted once, by its last count', () => {
  const { updates, answer } = read(
    { ...chunk({ content: 'a' }), usage: { ...counted, completion_tokens: 1 } },
    { ...chunk({ content: 'b' }), usage: { ...counted, completion_tokens: 2 } },
    chunk({}, { finish_reason: 'stop' }),
  );
  answer.close(updates);

  const usages = updates.flatMap((update) => update.usage ?? []);
  expect(usages).toEqual([{ inputTokens: 9, outputTokens: 2, totalTokens: 11 }]);
});

test('cached and reasoning tokens are part of the usage; a count that is missing makes it unknown', () => {
  const details = { prompt_tokens_details: { cached_tokens: 8 }, completion_tokens_details: { reasoning_tokens: 1 } };
  const usage = { ...counted, total_tokens: 12, ...details };
  const whole = read({ ...chunk({}, { finish_reason: 'stop' }), usage }).updates.at(-1);
  const broken = read({ ...chunk({}, { finish_reason: 'stop' }), usage: { prompt_tokens: 9 } }).updates.at(-1);

  expect(whole?.usage).toEqual({
    inputTokens: 9,
    outputTokens: 2,
    totalTokens: 12,
    cachedInputTokens: 8,
    reasoningTokens: 1,
  });
  expect(broken?.usage).toBeNull();
});

test('a total that the service does not say is the sum', () => {
  const usage = { prompt_tokens: 9, completion_tokens: 2 };

  const { updates } = read({ ...chunk({}, { finish_reason: 'stop' }), usage });

  expect(updates.at(-1)?.usage).toEqual({ inputTokens: 9, outputTokens: 2, totalTokens: 11 });
});

test.each([-1, 1.5, '9', 2 ** 60, null])('a count of %j is no count', (prompt_tokens) => {
  const { updates } = read({ ...chunk({}, { finish_reason: 'stop' }), usage: { ...counted, prompt_tokens } });

  expect(updates.every((update) => update.usage === null)).toBe(true);
});

test('a code that is a number and no status is the code', () => {
  const act = () => read({ error: { code: 1302, message: 'Too fast' } });

  expect(act).toThrow(expect.objectContaining({ code: 'response_failed', serviceCode: '1302' }));
  expect(act).not.toThrow(expect.objectContaining({ status: expect.anything() }));
});

test('a streamed refusal is refusal contents', () => {
  const { updates } = read(chunk({ role: 'assistant', content: null, refusal: 'Sorry' }), chunk({ refusal: ', no.' }));

  expect(updates).toEqual([
    chatUpdate(from),
    chatUpdate({ ...from, contents: [{ type: 'refusal', text: 'Sorry' }] }),
    chatUpdate({ ...from, contents: [{ type: 'refusal', text: ', no.' }] }),
  ]);
});

test.each([
  ['stop', 'stop'],
  ['length', 'length'],
  ['content_filter', 'content_filter'],
  ['tool_calls', 'tool_calls'],
  ['function_call', 'tool_calls'],
  ['eos', 'eos'],
])('the finish reason %s is passed on as %s', (reason, finishReason) => {
  expect(read(chunk({}, { finish_reason: reason })).updates.at(-1)?.finishReason).toBe(finishReason);
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
  expect(read('').updates).toEqual([]);
});

test('keys named __proto__ change no prototype', () => {
  const frame = '{"__proto__":{"polluted":1},"choices":[{"delta":{"__proto__":{"polluted":1},"content":"Hi"}}]}';

  const { updates } = read(frame);

  expect(updates.at(-1)?.text).toBe('Hi');
  expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
});

test('a frame that is not JSON fails as stream_malformed and is not quoted', () => {
  const act = () => read(chunk({ content: 'Hi' }), '{"choices":[{"delta":{"content":"secret words');

  expect(act).toThrow(
    expect.objectContaining({ code: 'stream_malformed', message: expect.not.stringContaining('secret') }),
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

test('a whole completion gives its text, its refusal and one closing update', () => {
  const answer = new ChatDecoder(context());
  const updates: ChatUpdate[] = [];
  const message = { role: 'assistant', content: 'Hello.', refusal: 'But no more.' };

  answer.takeWhole(
    { id: 'chatcmpl-1', choices: [{ index: 0, message, finish_reason: 'stop' }], usage: counted },
    updates,
  );

  expect(updates).toEqual([
    text('Hello.'),
    chatUpdate({ ...from, contents: [{ type: 'refusal', text: 'But no more.' }] }),
    chatUpdate({ ...from, finishReason: 'stop', usage: { inputTokens: 9, outputTokens: 2, totalTokens: 11 } }),
  ]);
});

test.each([[{}], [{ choices: [] }], [{ choices: [{ index: 0 }] }], [{ id: 'resp_1', output: [] }]])(
  'JSON that is not a completion is refused: %j',
  (body) => {
    const act = () => new ChatDecoder(context()).takeWhole(body, []);

    expect(act).toThrow(AgentError);
    expect(act).toThrow(expect.objectContaining({ code: 'not_a_stream' }));
  },
);
