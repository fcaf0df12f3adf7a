// The door of @turnstream/server.
export type {
  Claim,
  Job,
  NewRun,
  RunEnd,
  RunRecord,
  RunStore,
  ServerStore,
  StoredEvent,
  Work,
  Workers,
} from './store/run-store.ts';
export { ClaimLost } from './store/run-store.ts';
export type {
  DoneEvent,
  ErrorEvent,
  RunState,
  ServerEvent,
  SessionEvent,
  TerminalEvent,
  ToolEvent,
  UpdateEvent,
} from './wire.ts';
