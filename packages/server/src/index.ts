// The door of @turnstream/server.

export {
  type AppOptions,
  createApp,
  type HttpOptions,
  type HttpTimes,
  httpOptions,
  type LogOptions,
} from './app.ts';
export type { CallbackSecret } from './callback/signer.ts';
export type {
  ApprovalEvent,
  ClaimEvent,
  DoneEvent,
  ErrorEvent,
  GuardEvent,
  InspectedContent,
  InspectionEvent,
  RequestEvent,
  RunState,
  ServerEvent,
  SessionEvent,
  StoredInSessionEvent,
  TerminalEvent,
  ToolEvent,
  UpdateEvent,
} from './events/wire.ts';
export type { Authenticate, Identity } from './http/identity.ts';
export type {
  A2AOptions,
  A2ASkill,
  AgentServerOptions,
  AguiOptions,
  CallbackOptions,
  Ceilings,
  InputLimits,
  MessageRoute,
  OpenAIOptions,
  ProtocolRoute,
  ServedAgent,
  UiOptions,
  VerifyWebhook,
} from './options.ts';
export { agentServer } from './plugin.ts';
export type { AnsweredCall, ApprovalAnswer, ApprovalBatch } from './store/approvals.ts';
export type { NewRun, NewSession } from './store/new-run.ts';
export type { RunCursor, RunPage, RunQuery } from './store/run-page.ts';
export type { RunRecord } from './store/run-record.ts';
export {
  type Claim,
  ClaimLost,
  type RunEnd,
  type RunPark,
  type RunStore,
  type ServerStore,
  type StoredEvent,
} from './store/run-store.ts';
export type { Job, Work, Workers } from './store/workers.ts';
