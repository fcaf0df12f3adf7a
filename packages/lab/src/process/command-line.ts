// The arguments of `npx -y pnpm@12 lab`.
import { parseArgs } from 'node:util';
import { AgentError } from '@turnstream/core';

const OPTIONS = {
  'no-open': { type: 'boolean', default: false },
  port: { type: 'string', default: '0' },
} as const;

/** Throws `config_invalid` with the usage for an unknown argument, and for a port that is not a number. */
export function commandLine(args: readonly string[]): { readonly opensBrowser: boolean; readonly port: number } {
  try {
    const { values } = parseArgs({ args: [...args], options: OPTIONS });
    const port = Number(values.port);
    if (Number.isNaN(port)) throw new TypeError(`Option '--port' is '${values.port}', which is not a number`);
    return { opensBrowser: !values['no-open'], port };
  } catch (cause) {
    const problem = cause instanceof Error ? cause.message : String(cause);
    throw new AgentError('config_invalid', `${problem}. Usage: npx -y pnpm@12 lab [--no-open] [--port 3000]`, {
      cause,
    });
  }
}
