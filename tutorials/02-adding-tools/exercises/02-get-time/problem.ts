// Build: a tool with a checked argument.
import { Agent, type ChatClient, type Tool, tool } from '@turnstream/core';

const CITIES = ['Lisbon', 'Oslo', 'Tokyo'] as const;
const ZONES = { Lisbon: 'Europe/Lisbon', Oslo: 'Europe/Oslo', Tokyo: 'Asia/Tokyo' } as const;

/** Such as "21:05". For a city that is not in the list it would be the time of this machine, which is wrong. */
function timeIn(city: (typeof CITIES)[number], now: Date): string {
  return now.toLocaleTimeString('en-GB', { timeZone: ZONES[city], hour: '2-digit', minute: '2-digit' });
}

/** `now` is the shop's clock. */
function getTime(now: () => Date): Tool {
  return tool({
    name: 'get_time',
    description: 'TODO: when should the model call it?',
    execute: () => timeIn('Oslo', now()), // TODO: of any city in the list
  });
}

export async function ask(client: ChatClient, question: string, now: () => Date): Promise<string> {
  const agent = new Agent({ client, tools: [getTime(now)] });
  const answer = await agent.run(question);
  return answer.text;
}
