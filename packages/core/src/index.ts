// The door for applications: agents, sessions, streams, tools, and the seams by their names.
// What only the author of a store or a model client needs is in `seams.ts`. No name is in both.

export { Agent, type AgentOptions, type BackgroundOptions, type RunOptions } from './agent.ts';
export { BackgroundRun, type WaitOptions } from './background/run.ts';
export type { BackgroundToken } from './background/token.ts';
export { dataContent } from './checked/data-content.ts';
export type { AgentInput } from './checked/input.ts';
export type { StandardSchema } from './checked/standard-schema.ts';
export { AgentError, type AgentErrorCode } from './errors.ts';
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
  textOf,
  type UriContent,
} from './message/message.ts';
export type { RateLimit, ResponseMetadata } from './message/metadata.ts';
export type { AgentResponse } from './message/response.ts';
export type { AgentResponseUpdate, FinishReason } from './message/update.ts';
export type { Usage } from './message/usage.ts';
export type { ChatClient, ToolChoice } from './model/chat-client.ts';
export type { CallSettings } from './model/settings.ts';
export type { Limits } from './run/limits.ts';
export { ResponseStream } from './run/response-stream.ts';
export { MemorySessions } from './session/memory.ts';
export { AgentSession, type AgentSessionJson } from './session/session.ts';
export type { SavedSession, SessionStore } from './session/store.ts';
export { approve, reject, toolResult } from './tools/approval.ts';
export { type Tool, type ToolContext, type ToolDefinition, tool } from './tools/tool.ts';
