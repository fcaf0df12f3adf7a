// The same chat, first on the `openai` SDK alone, then on an agent.
import { Agent } from '@turnstream/core';
import { OpenAIResponsesClient } from '@turnstream/openai';
import type { OpenAI } from 'openai';

const INSTRUCTIONS = 'You answer customers of a small shop.';

/** Before: your loop keeps the history, and nothing proves that the answer is whole. */
export async function before(
  openai: OpenAI,
  questions: readonly string[],
  write: (text: string) => void,
): Promise<void> {
  const input: OpenAI.Responses.ResponseInputItem[] = [];
  for (const question of questions) {
    input.push({ role: 'user', content: question });
    const stream = await openai.responses.create({
      model: 'gpt-4.1-mini',
      instructions: INSTRUCTIONS,
      input,
      stream: true,
      store: false,
    });
    let answer = '';
    for await (const event of stream) {
      if (event.type !== 'response.output_text.delta') continue;
      answer += event.delta;
      write(event.delta);
    }
    input.push({ role: 'assistant', content: answer });
  }
}

/** After: the same SDK instance, with its key, proxy and retries; the session keeps the turns. */
export async function after(
  openai: OpenAI,
  questions: readonly string[],
  write: (text: string) => void,
): Promise<void> {
  const client = new OpenAIResponsesClient({ model: 'gpt-4.1-mini', client: openai });
  const agent = new Agent({ client, instructions: INSTRUCTIONS });
  const session = agent.createSession();
  for (const question of questions) {
    for await (const text of agent.runStreaming(question, { session }).textStream) write(text);
  }
}
