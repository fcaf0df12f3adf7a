// What a script on a terminal does with an error nobody caught: one line and an exit code instead of a stack trace.
import { AgentError } from '@turnstream/core';
import { ENV_NAMES } from './env.ts';

/** Which variable to look at, for the codes whose message cannot know where the key came from. */
const HINTS: Partial<Record<AgentError['code'], string>> = {
  auth: 'The key comes from OPENAI_API_KEY, on Azure from AZURE_OPENAI_KEY (or AZURE_OPENAI_API_KEY).',
  forbidden: 'The key comes from OPENAI_API_KEY, on Azure from AZURE_OPENAI_KEY (or AZURE_OPENAI_API_KEY).',
  not_found: 'The model comes from LLM_MODEL, on Azure from AZURE_OPENAI_DEPLOYMENT (or AZURE_OPENAI_DEPLOYMENT_NAME).',
  connection_failed: 'The address comes from OPENAI_BASE_URL, on Azure from AZURE_OPENAI_ENDPOINT.',
};

/** An error as one line: code, message, and where its setting comes from. An error of no known kind keeps its stack. */
export function errorLine(error: unknown): string {
  if (!(error instanceof AgentError)) return error instanceof Error ? (error.stack ?? error.message) : String(error);
  const namesOne = ENV_NAMES.some((name) => error.message.includes(name));
  const hint = namesOne ? undefined : HINTS[error.code];
  const line = `error ${error.code}: ${error.message}${hint === undefined ? '' : ` ${hint}`}`;
  return line.replaceAll(/\s*\n\s*/g, ' ');
}

/**
 * For the first line of a script. An error nobody caught goes to stderr as one line, exit code 1. A reader that left
 * (`node main.ts | head -1`) is not an error: the script ends at once, exit code 0.
 */
export function reportErrors(): void {
  process.on('uncaughtException', (error) => {
    if (isClosedPipe(error)) process.exit(0);
    process.stderr.write(`${errorLine(error)}\n`);
    process.exitCode = 1;
  });
}

function isClosedPipe(error: Error): boolean {
  return 'code' in error && error.code === 'EPIPE' && 'syscall' in error && error.syscall === 'write';
}
