// Tokens as both APIs count them: the same numbers under two sets of names.
import type { Usage } from '@turnstream/core';
import { asCount, asObject } from '@turnstream/core/seams';

/** Null unless both sides were counted: what the service did not say is unknown, not 0. */
export function readUsage(value: unknown, input: 'prompt' | 'input', output: 'completion' | 'output'): Usage | null {
  const usage = asObject(value);
  if (usage === null) return null;
  const inputTokens = asCount(usage[`${input}_tokens`]);
  const outputTokens = asCount(usage[`${output}_tokens`]);
  if (inputTokens === null || outputTokens === null) return null;
  const cachedInputTokens = asCount(asObject(usage[`${input}_tokens_details`])?.['cached_tokens']);
  const reasoningTokens = asCount(asObject(usage[`${output}_tokens_details`])?.['reasoning_tokens']);
  return {
    inputTokens,
    outputTokens,
    totalTokens: asCount(usage['total_tokens']) ?? inputTokens + outputTokens,
    ...(cachedInputTokens === null ? {} : { cachedInputTokens }),
    ...(reasoningTokens === null ? {} : { reasoningTokens }),
  };
}
