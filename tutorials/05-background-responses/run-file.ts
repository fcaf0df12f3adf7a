// What a process leaves for the next one: the token of the run, and the session it belongs to.
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Agent, AgentError, AgentSession, type BackgroundRun } from '@turnstream/core';

export const RUN_FILE: string = join(import.meta.dirname, '.sessions/run.json');

export interface StoredRun {
  readonly run: BackgroundRun;
  readonly session: AgentSession;
}

/** Only its owner may read the file: the token holds the question. */
export async function saveRun({ run, session }: StoredRun, file: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const unfinished = `${file}.${process.pid}`;
  await writeFile(unfinished, JSON.stringify({ run, session }, null, 2), { mode: 0o600 });
  await rename(unfinished, file);
}

/** Resumes the run. Sends nothing. */
export async function loadRun(agent: Agent, file: string): Promise<StoredRun> {
  const stored = parsed(await textOf(file), file);
  return inFile(file, () => {
    const session = AgentSession.fromJSON(stored['session']);
    return { run: agent.resumeBackground(stored['run'], { session }), session };
  });
}

/** Empty if the file does not exist. */
async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
    throw error;
  }
}

/** Errors name the file. */
function inFile<T>(file: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw error instanceof AgentError ? new AgentError(error.code, `${file}: ${error.message}`) : error;
  }
}

function parsed(text: string, file: string): Record<string, unknown> {
  try {
    const stored: unknown = JSON.parse(text);
    if (typeof stored === 'object' && stored !== null) return { ...stored };
  } catch {
    // The parser's own message quotes the question.
  }
  throw new AgentError(
    'token_invalid',
    `${file} holds no stored run. Start one: npx -y pnpm@12 --filter 05-background-responses start`,
  );
}
