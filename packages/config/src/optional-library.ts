// A library that only some settings need: when it is missing, the error says what to install.
import { AgentError } from '@turnstream/core';

/** What `load` resolves with. Rejects with `config_invalid` when the package `name` is not installed. */
export async function optionalLibrary<T>(name: string, load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (cause) {
    if (!isMissing(cause, name)) throw cause;
    throw new AgentError(
      'config_invalid',
      `SESSION_BACKEND needs the package ${name}, which is not installed. Run: npm install ${name} (or pnpm add ${name}).`,
      { cause },
    );
  }
}

/** A package that is there but lacks one of its own parts is another error. */
function isMissing(error: unknown, name: string): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === 'ERR_MODULE_NOT_FOUND' && (error as Error).message.includes(`'${name}'`);
}
