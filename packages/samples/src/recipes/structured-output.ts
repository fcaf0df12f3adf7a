// A customer's message as data: whole and checked, or growing while it streams.
import type { Agent } from '@turnstream/core';
import { z } from 'zod';

export const ticketSchema = z.object({
  order: z.number().int().nullable().describe('Order number, if the message names one'),
  topic: z.enum(['delivery', 'return', 'payment', 'other']),
  summary: z.string(),
});

export type Ticket = z.infer<typeof ticketSchema>;

/** The ticket; null when the model refused or was cut off. */
export async function ticketOf(agent: Agent, message: string): Promise<Ticket | null> {
  const { value } = await agent.run(message, { output: ticketSchema });
  return value ?? null;
}

/** Shows each state of the ticket while it is written. Only the returned one is checked against the schema. */
export async function watchTicket(
  agent: Agent,
  message: string,
  show: (partial: unknown) => void,
): Promise<Ticket | null> {
  const stream = agent.runStreaming(message, { output: ticketSchema });
  for await (const partial of stream.partialValues) show(partial);
  return (await stream.finalResponse()).value ?? null;
}
