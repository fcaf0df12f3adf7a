// The parts that whole tasks and errors have in common.
import { expect } from 'vitest';
import type { Task } from '../../../src/protocols/a2a/wire.ts';

type TaskIds = Pick<Task, 'contextId' | 'id'>;

export const timestamp: unknown = expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]{12}Z$/);

/** The question, as the history of the task has it. */
export function asked({ id, contextId }: TaskIds, text: string = 'What is Python?'): object {
  return { messageId: `${id}-question`, contextId, taskId: id, role: 'ROLE_USER', parts: [{ text }] };
}

/** The message of a status: with the key `end` for one that ends the task. */
export function says({ id, contextId }: TaskIds, parts: readonly object[], key: string = 'end'): object {
  return { messageId: `${id}-${key}`, contextId, taskId: id, role: 'ROLE_AGENT', parts };
}

/** The HTTP status and the code of gRPC. */
const STATUS: Readonly<Record<string, readonly [number, string]>> = {
  INPUT_INVALID: [400, 'INVALID_ARGUMENT'],
  CONTENT_TYPE_NOT_SUPPORTED: [400, 'INVALID_ARGUMENT'],
  PUSH_NOTIFICATION_NOT_SUPPORTED: [400, 'FAILED_PRECONDITION'],
  TASK_NOT_CANCELABLE: [400, 'FAILED_PRECONDITION'],
  UNSUPPORTED_OPERATION: [400, 'FAILED_PRECONDITION'],
  VERSION_NOT_SUPPORTED: [400, 'FAILED_PRECONDITION'],
  NOT_FOUND: [404, 'NOT_FOUND'],
  TASK_NOT_FOUND: [404, 'NOT_FOUND'],
  SERVER_STOPPING: [503, 'UNAVAILABLE'],
  SERVER_ERROR: [500, 'INTERNAL'],
};

const OURS = new Set(['INPUT_INVALID', 'NOT_FOUND', 'SERVER_ERROR', 'SERVER_STOPPING']);

/** The whole error of a refusal. */
export function errorOf(reason: string, message: string): object {
  const [code, status] = STATUS[reason]!;
  const info = {
    '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
    reason,
    domain: OURS.has(reason) ? 'turnstream' : 'a2a-protocol.org',
    metadata: { requestId: expect.stringMatching(/^[0-9a-f-]{36}$/) },
  };
  return { code, status, message, details: [info] };
}
