// Build: one agent, two lengths.
import { Agent, type ChatClient } from '@turnstream/core';

export interface Announcement {
  readonly page: string;
  readonly sms: string;
}

export async function announce(client: ChatClient, question: string): Promise<Announcement> {
  const agent = new Agent({ client });
  const page = await agent.run(question);
  return { page: page.text, sms: 'TODO' };
}
