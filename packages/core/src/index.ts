// The door of @turnstream/core.
export { Agent, type AgentOptions, type RunOptions } from './agent.ts';
export { type ChatClient, type ChatRequest, type ChatUpdate, chatUpdate } from './chat-client.ts';
export { AgentError, type AgentErrorCode, type AgentErrorOptions } from './errors.ts';
export type { HistoryProvider, SessionKey } from './history.ts';
export type { AgentInput } from './input.ts';
export type { Limits } from './limits.ts';
export { MemoryHistory } from './memory-history.ts';
export {
  type Content,
  contentsOf,
  type Message,
  type MessageStatus,
  type ReasoningContent,
  type RefusalContent,
  type Role,
  readableText,
  type TextContent,
  textOf,
} from './message.ts';
export type { AgentResponse, ResponseStatus } from './response.ts';
export { ResponseStream } from './response-stream.ts';
export type { OnIncomplete } from './run.ts';
export { AgentSession, type AgentSessionJson, type SessionOptions } from './session.ts';
export type { History } from './turn.ts';
export type { AgentResponseUpdate, FinishReason } from './update.ts';
export { addUsage, type Usage } from './usage.ts';
