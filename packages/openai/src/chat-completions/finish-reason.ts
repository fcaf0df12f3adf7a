// Why a chat completion ended, in OpenAI's words: servers have their own for a limit, for a filter, and for a failure.
import type { FinishReason } from '@turnstream/core';

/** OpenAI's own words, because some servers write them in capitals or with a hyphen. */
const OWN_WORDS = ['stop', 'length', 'tool_calls', 'content_filter'];
const MEANS_LENGTH = ['max_tokens', 'max_output_tokens', 'model_length', 'model_context_window_exceeded'];
const MEANS_FILTER = ['safety', 'sensitive', 'recitation', 'prohibited_content', 'blocklist', 'image_safety', 'spii'];
/** The answer is not whole, and nobody meant it to end. */
const MEANS_FAILURE: ReadonlySet<string> = new Set([
  'abort',
  'aborted',
  'cancelled',
  'canceled',
  'engine_error',
  'error',
  'failed',
  'failure',
  'insufficient_system_resource',
  'internal_error',
  'malformed_function_call',
  'malformed_response',
  'network_error',
  'server_error',
  'timeout',
]);

const WORDS: ReadonlyMap<string, FinishReason> = new Map([
  ...OWN_WORDS.map((word) => [word, word] as const),
  ['function_call', 'tool_calls'],
  ...MEANS_LENGTH.map((word) => [word, 'length'] as const),
  ...MEANS_FILTER.map((word) => [word, 'content_filter'] as const),
]);

/** The reason in the words of `FinishReason`; one that is not known passes as it is. */
export function finishReasonIn(reason: string): FinishReason {
  return WORDS.get(normalized(reason)) ?? reason;
}

/** True for a reason that says the service failed in mid-answer. */
export function meansFailure(reason: string): boolean {
  return MEANS_FAILURE.has(normalized(reason));
}

function normalized(reason: string): string {
  return reason.toLowerCase().replaceAll('-', '_');
}
