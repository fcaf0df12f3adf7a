// The history compares versions: the second of two turns is refused and retried.
import { Agent, AgentError, type ChatClient } from '@turnstream/core';
import { FileHistory } from '@turnstream/history/file';

/** One turn of Ada's conversation, which is kept in `folder`. */
export async function ask(client: ChatClient, question: string, folder: string): Promise<string> {
  const agent = new Agent({ client, history: new FileHistory(folder) });
  const session = agent.createSession({ sessionId: 'ada' });
  try {
    const answer = await agent.run(question, { session });
    return answer.text;
  } catch (error) {
    if (error instanceof AgentError && error.code === 'history_conflict') return ask(client, question, folder);
    throw error;
  }
}
