// The article's rollback switch: `MAF_NATIVE_EXECUTION=false` runs a loop written by hand instead of the agent's.
import { AgentError } from '@turnstream/core';
import { type Env, readEnv } from './env.ts';

/** True, also when the variable is not set: through the agent. Throws `config_invalid` for anything but true and false. */
export function isNativeExecution(env: Env = readEnv()): boolean {
  const value = env.MAF_NATIVE_EXECUTION ?? 'true';
  if (/^(?:true|false)$/i.test(value)) return value.toLowerCase() === 'true';
  throw new AgentError(
    'config_invalid',
    `MAF_NATIVE_EXECUTION is ${JSON.stringify(value)}; valid values are true and false.`,
  );
}
