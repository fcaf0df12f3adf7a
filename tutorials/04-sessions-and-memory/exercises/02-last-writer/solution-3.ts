// In one process a queue works too: the second tab reads after the first has written.
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Agent, AgentSession, type ChatClient } from '@turnstream/core';

let last: Promise<unknown> = Promise.resolve();

/** One turn of Ada's conversation, which is kept in `folder`. */
export function ask(client: ChatClient, question: string, folder: string): Promise<string> {
  const turn = last.then(() => askNow(client, question, folder));
  last = turn.catch(() => {});
  return turn;
}

async function askNow(client: ChatClient, question: string, folder: string): Promise<string> {
  const agent = new Agent({ client });
  const file = join(folder, 'ada.json');
  const session = existsSync(file)
    ? AgentSession.fromJSON(JSON.parse(await readFile(file, 'utf8')))
    : agent.createSession({ sessionId: 'ada' });
  const answer = await agent.run(question, { session });
  await writeFile(file, JSON.stringify(session));
  return answer.text;
}
