// Outputs of calls that the conversation does not have. The model could not be sent them, so they are refused.
import type { Message } from '@turnstream/core';
import { callsOf, refuseRepeatedResults, resultsOf } from '@turnstream/core/seams';
import { OpenAIRefusal } from './refusal.ts';

/** Throws if an output among the messages that are added belongs to none of the calls, or a call has two. */
export function refuseOrphans(before: readonly Message[], added: readonly Message[], param: string): void {
  refuseRepeatedResults(added);
  const calls = new Set([...before, ...added].flatMap(callsOf).map(({ callId }) => callId));
  if (added.flatMap(resultsOf).every(({ callId }) => calls.has(callId))) return;
  throw new OpenAIRefusal('invalid_value', param, 'An output does not belong to any call in this conversation.');
}
