// Errors in A2A's shape: https://a2a-protocol.org/latest/specification/#116-error-handling
import { AgentError } from '@turnstream/core';
import type { Problem } from '../../http/errors.ts';

/** The protocol's own error types. */
export type A2AReason =
  | 'CONTENT_TYPE_NOT_SUPPORTED'
  | 'PUSH_NOTIFICATION_NOT_SUPPORTED'
  | 'TASK_NOT_CANCELABLE'
  | 'TASK_NOT_FOUND'
  | 'UNSUPPORTED_OPERATION'
  | 'VERSION_NOT_SUPPORTED';

export class A2ARefusal extends AgentError {
  readonly reason: A2AReason;

  constructor(reason: A2AReason, message: string) {
    super(reason === 'TASK_NOT_FOUND' ? 'not_found' : 'input_invalid', message);
    this.reason = reason;
  }
}

export interface A2AErrorBody {
  readonly error: {
    readonly code: number;
    /** A code of gRPC. */
    readonly status: string;
    readonly message: string;
    readonly details: readonly Readonly<Record<string, unknown>>[];
  };
}

export function errorBody({ status, code, message }: Problem, requestId: string, error?: Error): A2AErrorBody {
  const reason = reasonOf(status, error);
  const info = {
    '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
    reason: reason ?? code.toUpperCase(),
    domain: reason === null ? 'turnstream' : 'a2a-protocol.org',
    metadata: { requestId },
  };
  const grpc = error instanceof A2ARefusal ? (GRPC_OF_REASON[error.reason] ?? grpcOf(status)) : grpcOf(status);
  return { error: { code: status, status: grpc, message, details: [info] } };
}

function reasonOf(status: number, error: Error | undefined): A2AReason | null {
  if (error instanceof A2ARefusal) return error.reason;
  return status === 415 ? 'CONTENT_TYPE_NOT_SUPPORTED' : null;
}

const GRPC_OF_REASON: Readonly<Partial<Record<A2AReason, string>>> = {
  PUSH_NOTIFICATION_NOT_SUPPORTED: 'FAILED_PRECONDITION',
  TASK_NOT_CANCELABLE: 'FAILED_PRECONDITION',
  UNSUPPORTED_OPERATION: 'FAILED_PRECONDITION',
  VERSION_NOT_SUPPORTED: 'FAILED_PRECONDITION',
};

const GRPC_OF_STATUS: Readonly<Record<number, string>> = {
  401: 'UNAUTHENTICATED',
  403: 'PERMISSION_DENIED',
  404: 'NOT_FOUND',
  409: 'ABORTED',
  429: 'RESOURCE_EXHAUSTED',
  501: 'UNIMPLEMENTED',
  503: 'UNAVAILABLE',
  504: 'DEADLINE_EXCEEDED',
};

/** https://github.com/googleapis/googleapis/blob/master/google/rpc/code.proto */
function grpcOf(status: number): string {
  return GRPC_OF_STATUS[status] ?? (status >= 500 ? 'INTERNAL' : 'INVALID_ARGUMENT');
}
