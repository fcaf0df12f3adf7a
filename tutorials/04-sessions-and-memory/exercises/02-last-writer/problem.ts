// Fix: of two simultaneous questions, one is lost.
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Agent, AgentError, AgentSession, type ChatClient } from '@turnstream/core';

/** One turn of Ada's conversation, which is kept in `folder`. */
export async function ask(client: ChatClient, question: string, folder: string): Promise<string> {
  const agent = new Agent({ client });
  const file = join(folder, 'ada.json');
  const session = existsSync(file)
    ? AgentSession.fromJSON(JSON.parse(await readFile(file, 'utf8')))
    : agent.createSession({ sessionId: 'ada' });
  try {
    const answer = await agent.run(question, { session });
    await writeFile(file, JSON.stringify(session));
    return answer.text;
  } catch (error) {
    if (error instanceof AgentError && error.code === 'history_conflict') return ask(client, question, folder);
    throw error;
  }
}
