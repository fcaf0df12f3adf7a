// Both runs at the same time: they know nothing about each other.
import { Agent, type ChatClient } from '@turnstream/core';

export interface Announcement {
  readonly page: string;
  readonly sms: string;
}

export async function announce(client: ChatClient, question: string): Promise<Announcement> {
  const agent = new Agent({ client, parameters: { max_output_tokens: 400, reasoning: { effort: 'low' } } });
  const [sms, page] = await Promise.all([
    agent.run(question, { model: 'gpt-5-mini', parameters: { max_output_tokens: 60 } }),
    agent.run(question),
  ]);
  return { page: page.text, sms: sms.text };
}
