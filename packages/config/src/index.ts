// The door of @turnstream/config.
export { type ChatClientOptions, type ConfiguredClient, chatClientFromEnv, hasRealModel } from './chat-client.ts';
export { ENV_NAMES, type Env, type EnvName, type ReadEnvOptions, readEnv } from './env.ts';
export { type ConfiguredHistory, type HistoryOptions, historyFromEnv, type SessionBackend } from './history.ts';
export { isNativeExecution } from './native-execution.ts';
export { errorLine, reportErrors } from './report-errors.ts';
export { scriptArguments } from './script-arguments.ts';
export { type ConfiguredSdk, sdkFromEnv } from './sdk.ts';
