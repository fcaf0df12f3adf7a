// The door of @turnstream/core.

export { Agent, type AgentOptions, type BackgroundOptions, type RunOptions } from './agent.ts';
export { BackgroundRun, type UpdatesOptions, type WaitOptions } from './background/run.ts';
export type { BackgroundToken } from './background/token.ts';
export type { AgentInput } from './checked/input.ts';
export type { SchemaIssue, SchemaResult, StandardSchema } from './checked/standard-schema.ts';
export { type JsonSchema } from './checked/standard-schema.ts';
export { parseTurn, storableTurn } from './checked/stored-message.ts';
export { AGENT_ERROR_CODES, AgentError, type AgentErrorCode, type AgentErrorOptions } from './errors.ts';
export { MemoryHistory, type MemoryHistoryOptions } from './history/memory.ts';
export { checkLastTurns, type HistoryProvider, historyConflict } from './history/provider.ts';
export type { History, HistoryWindow } from './history/source.ts';
export {
  type ApprovalRequest,
  type ApprovalRequestContent,
  type ApprovalResponseContent,
  type Content,
  callsOf,
  contentsOf,
  type FunctionCallContent,
  type FunctionResultContent,
  type Message,
  type MessageStatus,
  type ReasoningContent,
  type RefusalContent,
  type Role,
  readableText,
  resultsOf,
  type TextContent,
  type ToolErrorCode,
  textOf,
} from './message/message.ts';
export type { AgentResponse, ResponseStatus } from './message/response.ts';
export type { AgentResponseUpdate, FinishReason } from './message/update.ts';
export { addUsage, type Usage } from './message/usage.ts';
export type {
  BackgroundClient,
  BackgroundEvent,
  BackgroundSnapshot,
  BackgroundStatus,
} from './model/background-client.ts';
export {
  type ChatCall,
  type ChatClient,
  type ChatRequest,
  type ChatUpdate,
  type ChatUpdates,
  chatUpdate,
  type OutputDeclaration,
  type ToolChoice,
  type ToolDeclaration,
} from './model/chat-client.ts';
export type { Limits } from './run/limits.ts';
export type { OnIncomplete } from './run/plan.ts';
export { ResponseStream } from './run/response-stream.ts';
export { MemorySessions } from './session/memory.ts';
export {
  AgentSession,
  type AgentSessionJson,
  quotedId,
  type SessionKey,
  type SessionOptions,
} from './session/session.ts';
export { type SavedSession, type SessionStore, sessionFromId } from './session/store.ts';
export { canReplaceRow, type SessionRow, type SessionRows, StoredSessions, unexpiredRow } from './session/stored.ts';
export { approve, reject, toolResult } from './tools/approval.ts';
export type { OnToolError } from './tools/run-calls.ts';
export {
  type Approval,
  type DeclaredTool,
  type Tool,
  type ToolContext,
  type ToolDefinition,
  tool,
} from './tools/tool.ts';
