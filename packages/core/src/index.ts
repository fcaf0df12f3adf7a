// The door of @turnstream/core.
export { Agent, type AgentOptions, type BackgroundOptions, type RunOptions } from './agent.ts';
export { type ApprovalRequest, approve, reject, toolResult } from './approval.ts';
export type { BackgroundClient, BackgroundEvent, BackgroundSnapshot, BackgroundStatus } from './background-client.ts';
export { BackgroundRun, type UpdatesOptions, type WaitOptions } from './background-run.ts';
export type { BackgroundToken } from './background-token.ts';
export {
  type ChatCall,
  type ChatClient,
  type ChatRequest,
  type ChatUpdate,
  type ChatUpdates,
  chatUpdate,
  type JsonSchema,
  type OutputDeclaration,
  type ToolChoice,
  type ToolDeclaration,
} from './chat-client.ts';
export { AGENT_ERROR_CODES, AgentError, type AgentErrorCode, type AgentErrorOptions } from './errors.ts';
export { checkLastTurns, type HistoryProvider, historyConflict, quotedId, type SessionKey } from './history.ts';
export type { History, HistoryWindow } from './history-window.ts';
export type { AgentInput } from './input.ts';
export type { Limits } from './limits.ts';
export { MemoryHistory, type MemoryHistoryOptions } from './memory-history.ts';
export { memorySessions } from './memory-sessions.ts';
export {
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
} from './message.ts';
export type { AgentResponse, ResponseStatus } from './response.ts';
export { ResponseStream } from './response-stream.ts';
export type { OnIncomplete } from './run-plan.ts';
export type { OnToolError } from './run-tools.ts';
export { AgentSession, type AgentSessionJson, type SessionOptions } from './session.ts';
export { type SavedSession, type SessionStore, sessionFromId } from './session-store.ts';
export type { SchemaIssue, SchemaResult, StandardSchema } from './standard-schema.ts';
export { parseTurn, storableTurn } from './stored-message.ts';
export { liveRow, mayWrite, type SessionRow, type SessionRows, StoredSessions } from './stored-sessions.ts';
export { type Approval, type DeclaredTool, type Tool, type ToolContext, type ToolDefinition, tool } from './tool.ts';
export type { AgentResponseUpdate, FinishReason } from './update.ts';
export { addUsage, type Usage } from './usage.ts';
