// What the frames and the whole answers of Chat Completions become: texts, refusals, finish reasons, usage.
import { type ChatUpdate, chatUpdate } from '@turnstream/core/seams';
import { expect, test } from 'vitest';
import { ChatDecoder } from '../../src/chat-completions/answer.ts';
import { chunk, context, counted, decode, from, text } from './answer-chunks.ts';

test('role, texts, finish reason and usage become one update each; the rest none', () => {
  const { updates, answer } = decode(
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
  const { updates } = decode(chunk({ content: 'Hi' }), chunk({}, { finish_reason: 'stop' }), '[DONE]');

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
  ['finish reason and usage in one', [{ ...chunk({}, { finish_reason: 'stop' }), usage: counted }], 'finished'],
  [
    'usage next to a choice that says nothing',
    [chunk({}, { finish_reason: 'stop' }), { ...chunk({}), usage: counted }],
    'ended',
  ],
  [
    'usage before the finish reason',
    [{ ...chunk({}), usage: counted }, chunk({}, { finish_reason: 'stop' })],
    'finished',
  ],
])('after %s the answer is %s', (_, frames, progress) => {
  expect(decode(...(frames as object[])).answer.progress).toBe(progress);
});

test.each([
  ['the same finish reason is given out once', 'stop', ['stop']],
  ['another finish reason is given out too', 'length', ['stop', 'length']],
])('an answer may go on after a finish reason, and %s', (_what, second, told) => {
  const { updates, answer } = decode(
    chunk({ content: 'a' }, { finish_reason: 'stop' }),
    chunk({ content: 'b' }, { finish_reason: second }),
    chunk({}, { finish_reason: second }),
  );

  expect(updates.flatMap(({ finishReason }) => finishReason ?? [])).toEqual(told);
  expect(updates.map((update) => update.text).join('')).toBe('ab');
  expect(answer.progress).toBe('finished');
});

test('an answer with a finish reason and a token count on every chunk is read to its end', () => {
  const last = (content: string, tokens: number): object => ({
    ...chunk({ content }, { finish_reason: 'stop' }),
    usage: { ...counted, completion_tokens: tokens },
  });

  const { updates, answer } = decode(last('a', 1), last('b', 2), '[DONE]');

  expect(updates.map((update) => update.text).join('')).toBe('ab');
  expect(updates.flatMap(({ usage }) => usage ?? [])).toEqual([{ inputTokens: 9, outputTokens: 2, totalTokens: 11 }]);
  expect(answer.progress).toBe('ended');
});

test('a service that counts on every chunk is counted once, by its last count', () => {
  const { updates, answer } = decode(
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
  const whole = decode({ ...chunk({}, { finish_reason: 'stop' }), usage }, '[DONE]').updates.at(-1);
  const broken = decode({ ...chunk({}, { finish_reason: 'stop' }), usage: { prompt_tokens: 9 } }, '[DONE]').updates.at(
    -1,
  );

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

  const { updates } = decode({ ...chunk({}, { finish_reason: 'stop' }), usage }, '[DONE]');

  expect(updates.at(-1)?.usage).toEqual({ inputTokens: 9, outputTokens: 2, totalTokens: 11 });
});

test.each([-1, 1.5, '9', 2 ** 60, null])('a count of %j does not count', (prompt_tokens) => {
  const { updates } = decode(
    { ...chunk({}, { finish_reason: 'stop' }), usage: { ...counted, prompt_tokens } },
    '[DONE]',
  );

  expect(updates.every((update) => update.usage === null)).toBe(true);
});

test('a streamed refusal is refusal contents', () => {
  const { updates } = decode(
    chunk({ role: 'assistant', content: null, refusal: 'Sorry' }),
    chunk({ refusal: ', no.' }),
  );

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
  expect(decode(chunk({}, { finish_reason: reason })).updates.at(-1)?.finishReason).toBe(finishReason);
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
