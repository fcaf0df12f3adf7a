// The available faults: where each one applies, and its label for learners.

export const FAULTS = ['none', 'slow', 'stall', 'cut', 'error', 'busy', 'flood', 'buffer', 'crash', 'restart'] as const;

export type Fault = (typeof FAULTS)[number];

export function isFault(value: unknown): value is Fault {
  return FAULTS.some((fault) => fault === value);
}
