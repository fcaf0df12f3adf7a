// The schema allows three cities and no other, so `execute` needs no check of its own.
import { Agent, type ChatClient, type Tool, tool } from '@turnstream/core';
import * as z from 'zod';

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
    description: 'Tell the local time in one of the cities the shop is in.',
    parameters: z.object({ city: z.enum(CITIES) }),
    execute: ({ city }) => timeIn(city, now()),
  });
}

export async function ask(client: ChatClient, question: string, now: () => Date): Promise<string> {
  const agent = new Agent({ client, tools: [getTime(now)] });
  const answer = await agent.run(question);
  return answer.text;
}
