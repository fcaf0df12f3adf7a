// A frame as one of our events, checked field by field: the server may be of another version, or somebody else.
import { AgentError, type Usage } from '@turnstream/core';
import { json, usageMembers } from '@turnstream/core/seams';
import type { ErrorEvent, ServerEvent } from '../events/wire.ts';
import { errorFrom } from './connection.ts';

/** What can be handed on; an `error` event is thrown instead. */
export type ReadEvent = Exclude<ServerEvent, ErrorEvent>;

/** Null for an event of a name that this client does not know. Throws `stream_malformed` for a known one that is not whole. */
export function parseEvent(name: string | undefined, data: string): ServerEvent | null {
  const parse = name !== undefined && Object.hasOwn(PARSERS, name) ? PARSERS[name] : undefined;
  if (parse === undefined) return null;
  const refuse = (problem: string): AgentError => malformed(name ?? '', problem);
  return json.read(json.parse(data, refuse), parse, refuse);
}

/** The error of an `error` event. `retryable` is what the server said. */
export function errorFromEvent({ code, message, retryable, retryAfterMs }: ErrorEvent): AgentError {
  return new AgentError(code, message, { retryable, retryAfterMs: retryAfterMs ?? undefined });
}

const { id, nullable, object, oneOf, optional, string } = json;
/** What a server says of something it may not know. */
const maybe = <T>(reader: json.Reader<T>): json.Reader<T | null | undefined> => optional(nullable(reader));

const session = object({ sessionId: maybe(id), runId: maybe(id), mode: oneOf('append', 'replace') });
const update = object({ text: string });
const tool = object({ callId: string, name: string, status: oneOf('called', 'done', 'failed') });
const approval = object({
  callId: string,
  name: string,
  arguments: string,
  expiresAtMs: maybe(json.milliseconds),
});
const done = object({
  status: oneOf('completed', 'incomplete', 'cancelled', 'awaiting_approval'),
  finishReason: maybe(string),
  usage: maybe(object<Usage>(usageMembers)),
});
const error = object({
  code: string,
  message: string,
  retryable: optional(json.boolean),
  retryAfterMs: maybe(json.milliseconds),
});

/** Only what this client knows of an event is handed on. */
const PARSERS: Readonly<Record<string, json.Reader<ServerEvent>>> = {
  session: (payload) => {
    const { sessionId = null, runId = null, mode } = session(payload);
    return { type: 'session', sessionId, runId, mode };
  },
  update: (payload) => ({ type: 'update', text: update(payload).text }),
  tool: (payload) => {
    const { callId, name, status } = tool(payload);
    return { type: 'tool', callId, name, status };
  },
  approval: (payload) => {
    const { callId, name, arguments: args, expiresAtMs = null } = approval(payload);
    return { type: 'approval', callId, name, arguments: args, expiresAtMs };
  },
  done: (payload) => {
    const { status, finishReason = null, usage = null } = done(payload);
    return { type: 'done', status, finishReason, usage };
  },
  error: (payload) => {
    const { code: name, message, retryable, retryAfterMs = null } = error(payload);
    const known = errorFrom(name, message);
    return { type: 'error', code: known.code, message, retryable: retryable ?? known.retryable, retryAfterMs };
  },
};

function malformed(name: string, problem: string): AgentError {
  return new AgentError(
    'stream_malformed',
    `The server sent an event "${name}" that cannot be read: ${problem}. Are server and client the same version?`,
  );
}
