// Refuses outputs that do not belong to a call.
import type { Message } from '@turnstream/core';
import { refuseRepeatedResults } from '@turnstream/core/seams';
import { refuseOrphans } from '../client-tools.ts';
import { inMember } from './refusal.ts';

/** Throws if an output in the added messages has no call there or before, or if a call has two outputs. */
export function refuseStrayOutputs(before: readonly Message[], added: readonly Message[], param: string): void {
  inMember(param, () => {
    refuseRepeatedResults(added);
    refuseOrphans(added, before);
  });
}
