// A session as a JSON file, read before the turn and replaced after it.
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type Agent, AgentError, AgentSession } from '@turnstream/core';

/** Runs one turn on the saved conversation, or on a new one, and saves it. Resolves with the answer. */
export async function askAndSave(agent: Agent, question: string, file: string): Promise<string> {
  const session = await loadOrNew(agent, file);
  const answer = await agent.run(question, { session });
  await saveSession(session, file);
  return answer.text;
}

/** The session in the file; a new one when there is no file. Rejects with `session_invalid` for a file of another kind. */
export async function loadOrNew(agent: Agent, file: string): Promise<AgentSession> {
  const text = await textOf(file);
  return text === null ? agent.createSession() : sessionIn(text, file);
}

/** Writes a whole new file and renames it, so that a kill in the middle leaves the old one. Only its owner may read it. */
export async function saveSession(session: AgentSession, file: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const unfinished = `${file}.${process.pid}`;
  await writeFile(unfinished, JSON.stringify(session, null, 2), { mode: 0o600 });
  await rename(unfinished, file);
}

export async function forgetSession(file: string): Promise<void> {
  await rm(file, { force: true });
}

async function textOf(file: string): Promise<string | null> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}

function sessionIn(text: string, file: string): AgentSession {
  try {
    return AgentSession.fromJSON(JSON.parse(text));
  } catch (error) {
    // The parser's own message quotes the conversation.
    const problem = error instanceof AgentError ? error.message : 'Not JSON.';
    throw new AgentError('session_invalid', `${file}: ${problem} Restore the file, or delete it to start over.`);
  }
}
