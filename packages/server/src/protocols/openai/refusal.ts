// Errors in OpenAI's shape, which its clients turn into their own error classes.
import { AgentError } from '@turnstream/core';
import type { Problem } from '../../http/errors.ts';

/** The codes that are 404; the others are 400. */
const NOT_FOUND: ReadonlySet<string> = new Set(['model_not_found', 'not_found']);

/** A refusal with one of OpenAI's codes, about one member of the request. */
export class OpenAIRefusal extends AgentError {
  readonly param: string;
  readonly openaiCode: string;

  constructor(openaiCode: string, param: string, message: string) {
    super(NOT_FOUND.has(openaiCode) ? 'not_found' : 'input_invalid', message);
    this.openaiCode = openaiCode;
    this.param = param;
  }
}

/** Runs the check of one member, and throws its `AgentError` as a refusal that names the member. */
export function inMember(param: string, check: () => unknown): void {
  try {
    check();
  } catch (error) {
    if (error instanceof AgentError) throw new OpenAIRefusal('invalid_value', param, error.message);
    throw error;
  }
}

export interface OpenAIError {
  readonly message: string;
  readonly type: string;
  readonly param: string | null;
  readonly code: string;
}

export function errorBody(
  { status, code, message }: Problem,
  _requestId: string,
  error: Error,
): { error: OpenAIError } {
  const ours = { message, type: typeOf(status), param: null, code };
  if (!(error instanceof OpenAIRefusal)) return { error: ours };
  return { error: { ...ours, param: error.param, code: error.openaiCode } };
}

/** For an answer that fails after its stream has begun. */
export function streamError({ code, message }: { readonly code: string; readonly message: string }): OpenAIError {
  return { message, type: 'server_error', param: null, code };
}

function typeOf(status: number): string {
  if (status === 401) return 'authentication_error';
  if (status === 403) return 'permission_error';
  if (status === 429) return 'rate_limit_error';
  return status >= 500 ? 'server_error' : 'invalid_request_error';
}
