// An error as a reader of the page can use it: what it is, and the line of the shown code.
import type { LoadedProgram } from './load-program.ts';

export function failureText(error: unknown, program: LoadedProgram | null): string {
  if (!(error instanceof Error)) return `Thrown: ${String(error)}`;
  const code = 'code' in error && typeof error.code === 'string' ? ` ${error.code}` : '';
  const line = program?.lineOf(error.stack ?? '') ?? null;
  return `${error.name}${code}: ${error.message}${line === null ? '' : `\n${line}`}`;
}
