// The door of @turnstream/server/client: the other end of the wire, for browsers and Node.

export type {
  ApprovalEvent,
  DoneEvent,
  ErrorEvent,
  RunState,
  ServerEvent,
  SessionEvent,
  TerminalEvent,
  ToolEvent,
  UpdateEvent,
} from '../events/wire.ts';
export { type ApprovalAnswer, answerTo, type PendingApproval } from './approval-answer.ts';
export { type Ask, ask, type Connection } from './connection.ts';
export type { ReadEvent } from './parse-event.ts';
export { answerRun, cancelRun, getRun, type PublicRun, type StartOptions, startRun } from './run-calls.ts';
export { type ChatOptions, streamChat } from './stream-chat.ts';
export { UiTransport, type UiTransportOptions } from './ui-transport.ts';
export { type WatchedEvent, type WatchOptions, watchRun } from './watch-run.ts';
