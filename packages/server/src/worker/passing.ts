// Failures that the next try may not have.
import { AgentError, type AgentErrorCode } from '@turnstream/core';

const PASSING: ReadonlySet<AgentErrorCode> = new Set([
  'connection_failed',
  'rate_limited',
  'server_error',
  'stream_truncated',
]);

export function isPassing(error: unknown): error is AgentError {
  return error instanceof AgentError && PASSING.has(error.code);
}
