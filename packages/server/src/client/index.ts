// The door of @turnstream/server/client: the other end of the wire, for browsers and Node.

export type {
  DoneEvent,
  ErrorEvent,
  RunState,
  ServerEvent,
  SessionEvent,
  TerminalEvent,
  ToolEvent,
  UpdateEvent,
} from '../events/wire.ts';
export { type Ask, ask, type Connection } from './connection.ts';
export type { ReadEvent } from './parse-event.ts';
export { cancelRun, getRun, type PublicRun, type StartOptions, startRun } from './run-calls.ts';
export { type ChatOptions, streamChat } from './stream-chat.ts';
export { type WatchedEvent, type WatchOptions, watchRun } from './watch-run.ts';
