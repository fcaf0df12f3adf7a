// How an answer ended and what it cost, in core's words.
import type { LanguageModelV4FinishReason, LanguageModelV4Usage } from '@ai-sdk/provider';
import type { FinishReason, Usage } from '@turnstream/core';
import { asCount, type CallContext, serviceError } from '@turnstream/core/seams';
import { truncated } from '../provider-error.ts';

/** A reason that only the service knows is passed on in the service's word. Throws `stream_truncated` and `response_failed`. */
export function finishReasonOf({ unified, raw }: LanguageModelV4FinishReason, context: CallContext): FinishReason {
  switch (unified) {
    case 'interrupted':
      throw truncated();
    case 'error':
      throw serviceError({ code: raw ?? null, type: null, message: null }, context);
    case 'tool-calls':
      return 'tool_calls';
    case 'content-filter':
      return 'content_filter';
    case 'other':
      return raw ?? 'other';
    case 'stop':
    case 'length':
      return unified;
  }
}

/** Null unless both sides were counted: what the service did not say is unknown, not 0. */
export function usageOf(usage: LanguageModelV4Usage): Usage | null {
  const inputTokens = asCount(usage.inputTokens.total);
  const outputTokens = asCount(usage.outputTokens.total);
  if (inputTokens === null || outputTokens === null) return null;
  const cachedInputTokens = asCount(usage.inputTokens.cacheRead);
  const reasoningTokens = asCount(usage.outputTokens.reasoning);
  return {
    inputTokens,
    outputTokens,
    totalTokens: inputTokens + outputTokens,
    ...(cachedInputTokens === null ? {} : { cachedInputTokens }),
    ...(reasoningTokens === null ? {} : { reasoningTokens }),
  };
}
