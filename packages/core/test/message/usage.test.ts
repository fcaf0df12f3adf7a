import { expect, test } from 'vitest';
import { addUsage } from '../../src/message/usage.ts';

const plain = { inputTokens: 10, outputTokens: 5, totalTokens: 15 };

test('tokens of several calls are added up', () => {
  expect(addUsage(plain, { inputTokens: 1, outputTokens: 2, totalTokens: 3 })).toStrictEqual({
    inputTokens: 11,
    outputTokens: 7,
    totalTokens: 18,
  });
});

test('what is not known adds nothing, and nothing known stays null', () => {
  expect([addUsage(null, null), addUsage(plain, null), addUsage(null, plain)]).toEqual([null, plain, plain]);
});

test('cached and reasoning tokens are added up where a call has them', () => {
  const cached = { ...plain, cachedInputTokens: 4 };
  const both = { ...plain, cachedInputTokens: 3, reasoningTokens: 2 };

  const sums = [addUsage(cached, plain), addUsage(plain, both), addUsage(both, cached), addUsage(both, both)];

  const doubled = { inputTokens: 20, outputTokens: 10, totalTokens: 30 };
  expect(sums).toStrictEqual([
    { ...doubled, cachedInputTokens: 4 },
    { ...doubled, cachedInputTokens: 3, reasoningTokens: 2 },
    { ...doubled, cachedInputTokens: 7, reasoningTokens: 2 },
    { ...doubled, cachedInputTokens: 6, reasoningTokens: 4 },
  ]);
});
