// The payload that the article's own agents send to each other, at the path that A2A also has: a message as text, and the
// conversation so far. Nothing is stored.
import { AgentError } from '@turnstream/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { InputLimits } from '../../options.ts';
import type { ServerContext } from '../../turn/context.ts';
import { historyEntries, openTurn } from '../../turn/request.ts';
import { wholeTurn } from '../../turn/whole-turn.ts';
import { checkLength } from '../length.ts';

export const articleBody = z.looseObject({ message: z.string(), history: historyEntries.nullish() });

/** Whether the body is the article's: its message is text, and A2A's is an object. */
export function isArticle(body: unknown): body is z.infer<typeof articleBody> {
  return typeof body === 'object' && body !== null && 'message' in body && typeof body.message === 'string';
}

export async function answerArticle(
  served: ServerContext,
  { request, reply }: { readonly request: FastifyRequest; readonly reply: FastifyReply },
  { message, history }: z.infer<typeof articleBody>,
  limits: InputLimits,
): Promise<{ readonly response: string }> {
  if (message.trim() === '') throw new AgentError('input_invalid', 'No message provided');
  checkLength({ role: 'user', contents: message }, limits);
  using turn = await openTurn(served, request.agentOwner, { message, history: history ?? [], refusesApprovals: true });
  const { text } = await wholeTurn(served, { request, reply, turn });
  return { response: text };
}
