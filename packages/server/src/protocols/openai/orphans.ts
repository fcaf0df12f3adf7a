// Refuses outputs whose call is not in the conversation: model services do not accept them.
import type { Message } from '@turnstream/core';
import { callsOf, refuseRepeatedResults, resultsOf } from '@turnstream/core/seams';
import { OpenAIRefusal } from './refusal.ts';

/** Throws if an output in the added messages has no call there or before, or if a call has two outputs. */
export function refuseOrphans(before: readonly Message[], added: readonly Message[], param: string): void {
  refuseRepeatedResults(added);
  const calls = new Set([...before, ...added].flatMap(callsOf).map(({ callId }) => callId));
  const stray = added.flatMap(resultsOf).find(({ callId }) => !calls.has(callId));
  if (stray === undefined) return;
  const problem = `This conversation has no call ${JSON.stringify(stray.callId)}. Send it before its output.`;
  throw new OpenAIRefusal('invalid_value', param, problem);
}
