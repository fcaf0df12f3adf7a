// The door of @turnstream/config.
export { type ChatClientOptions, type ConfiguredClient, chatClientFromEnv, hasRealModel } from './chat-client.ts';
export { type Env, ENV_NAMES, type EnvName, type ReadEnvOptions, readEnv } from './env.ts';
export { errorLine, reportErrors } from './report-errors.ts';
