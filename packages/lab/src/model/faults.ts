// What can be broken on purpose: each fault, where it strikes, and how a learner reads it.

export const FAULTS = ['none', 'slow', 'stall', 'cut', 'error', 'busy', 'flood', 'buffer', 'crash', 'restart'] as const;

export type Fault = (typeof FAULTS)[number];

export function isFault(value: unknown): value is Fault {
  return FAULTS.some((fault) => fault === value);
}
