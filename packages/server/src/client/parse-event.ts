// A frame as one of our events, checked field by field: the server may be of another version, or somebody else.
import { AgentError, type Usage } from '@turnstream/core';
import type { DoneEvent, ErrorEvent, ServerEvent, SessionEvent, ToolEvent, UpdateEvent } from '../events/wire.ts';
import { errorFrom } from './connection.ts';

/** What can be handed on; an `error` event is thrown instead. */
export type ReadEvent = Exclude<ServerEvent, ErrorEvent>;

type Payload = Readonly<Record<string, unknown>>;

/** Null for an event of a name that this client does not know. Throws `stream_malformed` for a known one that is not whole. */
export function parseEvent(name: string | undefined, data: string): ServerEvent | null {
  const parse = name !== undefined && Object.hasOwn(PARSERS, name) ? PARSERS[name] : undefined;
  return parse === undefined ? null : parse(payloadOf(data));
}

/** The error of an `error` event. `retryable` is what the server said. */
export function errorFromEvent({ code, message, retryable, retryAfterMs }: ErrorEvent): AgentError {
  return new AgentError(code, message, { retryable, retryAfterMs: retryAfterMs ?? undefined });
}

const PARSERS: Readonly<Record<string, (payload: Payload) => ServerEvent>> = {
  session: (payload): SessionEvent => ({
    type: 'session',
    sessionId: textOrNull(payload, 'sessionId'),
    runId: textOrNull(payload, 'runId'),
    mode: oneOf(payload, 'mode', ['append', 'replace']),
  }),
  update: (payload): UpdateEvent => ({ type: 'update', text: text(payload, 'text') }),
  tool: (payload): ToolEvent => ({
    type: 'tool',
    callId: text(payload, 'callId'),
    name: text(payload, 'name'),
    status: oneOf(payload, 'status', ['called', 'done', 'failed']),
  }),
  done: (payload): DoneEvent => ({
    type: 'done',
    status: oneOf(payload, 'status', ['completed', 'incomplete', 'cancelled']),
    finishReason: textOrNull(payload, 'finishReason'),
    usage: usageOf(payload['usage']),
  }),
  error: (payload): ErrorEvent => {
    const { code, retryAfterMs = null } = errorFrom(text(payload, 'code'), '', {
      retryAfterMs: numberOrUndefined(payload['retryAfterMs']),
    });
    return {
      type: 'error',
      code,
      message: text(payload, 'message'),
      retryable: payload['retryable'] === true,
      retryAfterMs,
    };
  },
};

function payloadOf(data: string): Payload {
  let payload: unknown;
  try {
    payload = JSON.parse(data);
  } catch {
    throw malformed('a payload that is no JSON');
  }
  if (typeof payload === 'object' && payload !== null && !Array.isArray(payload)) return payload as Payload;
  throw malformed('a payload that is no object');
}

function text(payload: Payload, name: string): string {
  const value = payload[name];
  if (typeof value === 'string') return value;
  throw malformed(`an event without its "${name}"`);
}

function textOrNull(payload: Payload, name: string): string | null {
  return payload[name] === null || payload[name] === undefined ? null : text(payload, name);
}

function oneOf<T extends string>(payload: Payload, name: string, values: readonly T[]): T {
  const value = values.find((each) => each === payload[name]);
  if (value !== undefined) return value;
  throw malformed(`an event whose "${name}" is none of ${values.join(', ')}`);
}

function usageOf(value: unknown): Usage | null {
  if (value === null || value === undefined) return null;
  const isUsage =
    typeof value === 'object' &&
    ['inputTokens', 'outputTokens', 'totalTokens'].every((name) => typeof (value as Payload)[name] === 'number');
  if (isUsage) return value as Usage;
  throw malformed('an end whose "usage" is none');
}

function numberOrUndefined(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

function malformed(what: string): AgentError {
  return new AgentError('stream_malformed', `The server sent ${what}. Are server and client of one version?`);
}
