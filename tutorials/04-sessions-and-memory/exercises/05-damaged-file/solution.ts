// Only a missing file means that there is no conversation yet.
import { readFile, writeFile } from 'node:fs/promises';
import { Agent, AgentSession, type ChatClient } from '@turnstream/core';

/** One turn of the conversation in `file`. */
export async function ask(client: ChatClient, question: string, file: string): Promise<string> {
  const agent = new Agent({ client });
  const session = await open(agent, file);
  const answer = await agent.run(question, { session });
  await writeFile(file, JSON.stringify(session));
  return answer.text;
}

async function open(agent: Agent, file: string): Promise<AgentSession> {
  try {
    return AgentSession.fromJSON(JSON.parse(await readFile(file, 'utf8')));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return agent.createSession();
    throw error;
  }
}
