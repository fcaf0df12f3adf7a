// The run's settings override the agent's, member by member.
import { Agent, type ChatClient } from '@turnstream/core';

export interface Announcement {
  readonly page: string;
  readonly sms: string;
}

export async function announce(client: ChatClient, question: string): Promise<Announcement> {
  const agent = new Agent({ client, parameters: { max_output_tokens: 400, reasoning: { effort: 'low' } } });
  const page = await agent.run(question);
  const sms = await agent.run(question, { model: 'gpt-5-mini', parameters: { max_output_tokens: 60 } });
  return { page: page.text, sms: sms.text };
}
