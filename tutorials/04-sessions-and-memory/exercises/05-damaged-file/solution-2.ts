// Checks first whether there is a file; any later problem with it is an error.
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { Agent, AgentSession, type ChatClient } from '@turnstream/core';

/** One turn of the conversation in `file`. */
export async function ask(client: ChatClient, question: string, file: string): Promise<string> {
  const agent = new Agent({ client });
  const session = existsSync(file)
    ? AgentSession.fromJSON(JSON.parse(await readFile(file, 'utf8')))
    : agent.createSession();
  const answer = await agent.run(question, { session });
  await writeFile(file, JSON.stringify(session));
  return answer.text;
}
