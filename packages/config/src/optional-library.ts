// A library that only some settings need: when it is missing, the error says what to do.
import { AgentError } from '@turnstream/core';

/** What `load` resolves with. Rejects with `config_invalid` and `advice` when the package `name` is not installed. */
export async function optionalLibrary<T>(name: string, load: () => Promise<T>, advice: string): Promise<T> {
  try {
    return await load();
  } catch (cause) {
    if (!isMissing(cause, name)) throw cause;
    throw new AgentError('config_invalid', advice, { cause });
  }
}

/** A package that is there but lacks one of its own parts is another error. */
function isMissing(error: unknown, name: string): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === 'ERR_MODULE_NOT_FOUND' && (error as Error).message.includes(`'${name}'`);
}
