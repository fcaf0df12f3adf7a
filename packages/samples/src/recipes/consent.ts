// A tool that needs a person's consent, and a client that asks for it.
import { tool } from '@turnstream/core';
import { answerTo, type Connection, type PendingApproval, streamChat } from '@turnstream/server/client';
import { z } from 'zod';

export const refundOrder = tool({
  name: 'refund_order',
  description: 'Refund an order.',
  parameters: z.object({ order: z.number().int(), cents: z.number().int().positive() }),
  approval: 'always',
  execute: ({ order, cents }) => `Order ${order} was refunded: ${cents / 100} €`,
});

/** Asks a question, shows `isAllowed` each call that waits, and yields the words of the answer. */
export async function* askWithConsent(
  connection: Connection,
  message: string,
  isAllowed: (call: PendingApproval) => Promise<boolean>,
): AsyncGenerator<string, undefined> {
  let next: Parameters<typeof streamChat>[0] = { ...connection, message };
  for (;;) {
    const waiting: PendingApproval[] = [];
    let sessionId = '';
    for await (const event of streamChat(next)) {
      if (event.type === 'session') sessionId = event.sessionId ?? '';
      if (event.type === 'update') yield event.text;
      if (event.type === 'approval') waiting.push(event);
    }
    if (waiting.length === 0) return;
    const approvals = [];
    for (const call of waiting) approvals.push(answerTo(call, await isAllowed(call)));
    next = { ...connection, sessionId, approvals };
  }
}
