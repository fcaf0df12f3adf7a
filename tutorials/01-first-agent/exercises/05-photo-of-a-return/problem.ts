// Build: a question with a photo, and one error that has an answer.
import { Agent, type ChatClient } from '@turnstream/core';

export const BUSY = 'Many customers are writing just now. Please send it again in a minute.';

export async function inspectReturn(client: ChatClient, note: string, photo: Uint8Array): Promise<string> {
  const agent = new Agent({ client, instructions: 'Say whether the item in the photo looks damaged.' });
  // TODO: the model should see the photo itself
  const answer = await agent.run(`${note} (There is a photo of ${photo.length} bytes.)`);
  return answer.text;
}
