// A chat route of your own in Fastify: `hijack` leaves the response to `sendAnswer`.
import { DEFAULT_GUARDS, sendAnswer } from '@turnstream/server/sse';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { openChat, REFUSAL, type Support } from './open-chat.ts';

export function addChatRoute(
  app: FastifyInstance,
  support: Support,
  ownerOf: (request: FastifyRequest) => string | null,
): void {
  app.post('/chat/stream', async (request, reply) => {
    const owner = ownerOf(request);
    if (owner === null) return reply.code(401).send();
    const chat = await openChat(support, owner, request.body);
    if (chat === null) return reply.code(400).send(REFUSAL);

    reply.hijack();
    const { message, session } = chat;
    const stream = support.agent.runStreaming(message, { session, limits: DEFAULT_GUARDS });
    await sendAnswer(reply.raw, stream, { sessionId: session.sessionId, onError: (error) => request.log.error(error) });
    return reply;
  });
}
