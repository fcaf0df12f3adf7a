// The door of @turnstream/config.
export { type ChatClientOptions, type ConfiguredClient, chatClientFromEnv, hasRealModel } from './chat-client.ts';
export { ENV_NAMES, type Env, type EnvName, type ReadEnvOptions, readEnv } from './env.ts';
export { type ConfiguredHistory, type HistoryOptions, historyFromEnv, type SessionBackend } from './history.ts';
export { errorLine, reportErrors } from './report-errors.ts';
