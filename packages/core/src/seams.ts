// The door for authors of histories, session stores and model clients: what an implementation of a seam is made with.
// The seams themselves (`ChatClient`, `HistoryProvider`, `SessionStore`) are in `index.ts`. No name is in both.

export { backoffMs, jittered } from './backoff.ts';
/** Readers for JSON from outside: each checks a value and names its place in the error. */
export * as json from './checked/json.ts';
export type { JsonSchema, SchemaIssue } from './checked/standard-schema.ts';
export { parseTurn, storableTurn, storedTurn } from './checked/stored-message.ts';
export { usageMembers } from './checked/usage.ts';
export { AGENT_ERROR_CODES, isTransient } from './errors.ts';
export {
  aheadOf,
  checkLastTurns,
  historyConflict,
  type LoadOptions,
  lastTurnsOf,
  loadedHistory,
  removesTurns,
} from './history/provider.ts';
export { leavable } from './leavable.ts';
export { COMMENTARY, callsOf, type Opaque, resultsOf } from './message/message.ts';
export { ResponseFold } from './message/response.ts';
export { addUsage } from './message/usage.ts';
export {
  type BackgroundClient,
  type BackgroundEvent,
  type BackgroundSnapshot,
  type BackgroundStatus,
  isOpen,
} from './model/background-client.ts';
export type { ChatCall } from './model/chat-client.ts';
export { PullQueue, type PullSource } from './model/pull-queue.ts';
export type { ChatRequest, OutputDeclaration, ToolDeclaration } from './model/request.ts';
export { type ChatUpdate, type ChatUpdates, chatUpdate } from './model/update.ts';
export { parseRetryAfter, retryAfterMs } from './retry-after.ts';
export type { ResponseUpdates } from './run/response-stream.ts';
export {
  type CallContext,
  takeHeaders,
  withHeaders,
} from './service/answer-headers.ts';
export { ServiceCall, type ServiceCallPlan } from './service/call.ts';
export { capped, type Redact, redactorFor, type Secrets, safeCause } from './service/redaction.ts';
export { reportedError, reportOf, type ServiceReport, serviceError } from './service/service-error.ts';
export { asCount, asList, asObject, asText, type JsonObject } from './service/untrusted.ts';
export { quotedId, type SessionKey } from './session/session.ts';
export {
  canReplaceRow,
  type SessionRow,
  type SessionRows,
  StoredSessions,
  savedSession,
  unexpiredRow,
} from './session/stored.ts';
export { MAX_TIMER_MS, sleep, unlessAborted } from './timers.ts';
export { pendingCalls, refuseRepeatedResults } from './tools/approval.ts';
export { type ToolOutput, toolOutput } from './tools/result.ts';
export { type InvokeTool, invokeTool } from './tools/run-calls.ts';
