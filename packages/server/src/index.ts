// The door of @turnstream/server.

export type {
  DoneEvent,
  ErrorEvent,
  RunState,
  ServerEvent,
  SessionEvent,
  TerminalEvent,
  ToolEvent,
  UpdateEvent,
} from './events/wire.ts';
export {
  type AppOptions,
  createApp,
  type HttpOptions,
  type HttpTimes,
  httpOptions,
  type LogOptions,
} from './http/app.ts';
export type { Authenticate, Identity } from './http/identity.ts';
export { agentServer } from './http/plugin.ts';
export type { AgentServerOptions, CallbackOptions, Ceilings, ServedAgent, VerifyWebhook } from './options.ts';
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
