// How runs end: with their answer, or without a worker, because they were cancelled or nobody approved their calls.
import type { AgentResponse } from '@turnstream/core';
import type { RunEnd } from './run-store.ts';

/** Null for a run that was cancelled before the service had it. */
export function endStateOf(response: AgentResponse | null): 'completed' | 'incomplete' | 'cancelled' {
  const status = response?.status ?? 'cancelled';
  return status === 'incomplete' || status === 'cancelled' ? status : 'completed';
}

export const CANCELLED: RunEnd = {
  state: 'cancelled',
  events: [{ type: 'done', status: 'cancelled', finishReason: null, usage: null }],
  turn: null,
};

/** Why calls that waited for approval do not run, in words for a person. */
export const UNAPPROVED = {
  superseded:
    'Another turn was added to the session, so the calls of this run were given up. None of them ran. Start it again.',
  late: 'The calls of this run were not approved in time. None of them ran. Start it again.',
} as const;

export function unapproved(message: string): RunEnd {
  return {
    state: 'failed',
    events: [{ type: 'error', code: 'approval_expired', message, retryable: false, retryAfterMs: null }],
    turn: null,
  };
}
