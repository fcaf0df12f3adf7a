// The question is one message with two contents; the code tells the errors apart.
import { Agent, AgentError, type ChatClient, dataContent } from '@turnstream/core';

export const BUSY = 'Many customers are writing just now. Please send it again in a minute.';

export async function inspectReturn(client: ChatClient, note: string, photo: Uint8Array): Promise<string> {
  const agent = new Agent({ client, instructions: 'Say whether the item in the photo looks damaged.' });
  const text = { type: 'text', text: note } as const;
  try {
    const answer = await agent.run({ role: 'user', contents: [text, dataContent(photo, 'image/png')] });
    return answer.text;
  } catch (error) {
    if (error instanceof AgentError && error.code === 'rate_limited') return BUSY;
    throw error;
  }
}
