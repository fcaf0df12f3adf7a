// A session store compares versions too; its word for it is `session_conflict`.
import { Agent, AgentError, type ChatClient } from '@turnstream/core';
import { FileSessions } from '@turnstream/history/file';

/** One turn of Ada's conversation, which is kept in `folder`. */
export async function ask(client: ChatClient, question: string, folder: string): Promise<string> {
  const agent = new Agent({ client });
  const sessions = new FileSessions(folder);
  const session = (await sessions.open('ada', { owner: 'ada' })) ?? agent.createSession({ sessionId: 'ada' });
  try {
    const answer = await agent.run(question, { session });
    await sessions.save(session, { owner: 'ada' });
    return answer.text;
  } catch (error) {
    if (error instanceof AgentError && error.code === 'session_conflict') return ask(client, question, folder);
    throw error;
  }
}
