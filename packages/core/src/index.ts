// The door for applications: agents, sessions, streams, tools, and the seams by their names.
// What only the author of a store or a model client needs is in `seams.ts`. No name is in both.

export { Agent } from './agent.ts';
export type { AgentOptions, BackgroundOptions, RunOptions } from './agent-options.ts';
export { BackgroundRun, type WaitOptions } from './background/run.ts';
export type { BackgroundToken } from './background/token.ts';
export { dataContent } from './checked/data-content.ts';
export type { AgentInput } from './checked/input.ts';
export type { StandardSchema } from './checked/standard-schema.ts';
export { AgentError, type AgentErrorCode } from './errors.ts';
export { type Compact, compactInOrder, keepLastTurns } from './history/compaction/compaction.ts';
export { dropToolResults } from './history/compaction/drop-tool-results.ts';
export { fitTokens, type TokenBudget } from './history/compaction/fit-tokens.ts';
export { type SummaryOptions, summarizeTurns } from './history/compaction/summarize-turns.ts';
export { MemoryHistory } from './history/memory.ts';
export type { HistoryProvider, LoadedHistory } from './history/provider.ts';
export type { History, HistoryWindow } from './history/source.ts';
export {
  type Annotation,
  type ApprovalRequest,
  type ApprovalRequestContent,
  type ApprovalResponseContent,
  answerText,
  type Content,
  contentsOf,
  type DataContent,
  type FunctionCallContent,
  type FunctionResultContent,
  type HostedFileContent,
  type MediaContent,
  type Message,
  type ReasoningContent,
  type RefusalContent,
  type Role,
  type ServiceItemContent,
  type TextContent,
  type ToolProgressContent,
  textOf,
  type UriContent,
} from './message/message.ts';
export type { RateLimit, ResponseMetadata } from './message/metadata.ts';
export type { AgentResponse } from './message/response.ts';
export type { AgentResponseUpdate, FinishReason } from './message/update.ts';
export type { Usage } from './message/usage.ts';
export { compactOnOverflow } from './middleware/compact-on-overflow.ts';
export { type ContextProvider, contextProvider, type ProvidedContext } from './middleware/context-provider.ts';
export type { Instructions } from './middleware/instructions.ts';
export type { Middleware, ModelCall, RunCall, ToolCall } from './middleware/middleware.ts';
export type { ChatClient } from './model/chat-client.ts';
export type { ToolChoice } from './model/request.ts';
export type { CallSettings } from './model/settings.ts';
export type { Limits } from './run/limits.ts';
export { ResponseStream } from './run/response-stream.ts';
export { MemorySessions } from './session/memory.ts';
export { AgentSession, type AgentSessionJson } from './session/session.ts';
export type { SavedSession, SessionStore } from './session/store.ts';
export type { AgentToolOptions } from './tools/agent-tool.ts';
export { approve, reject, toolResult } from './tools/approval.ts';
export { ToolFailure } from './tools/run-calls.ts';
export { type Tool, type ToolContext, type ToolDefinition, tool } from './tools/tool.ts';
