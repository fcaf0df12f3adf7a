// A chat route on web standards: a `Request` in, a `Response` out.
import { answerResponse, DEFAULT_GUARDS } from '@turnstream/server/sse';
import { openChat, REFUSAL, type Support } from './open-chat.ts';

export async function answerChat(support: Support, owner: string | null, request: Request): Promise<Response> {
  if (owner === null) return new Response(null, { status: 401 });
  const body: unknown = await request.json().catch(() => null);
  const chat = await openChat(support, owner, body);
  if (chat === null) return Response.json(REFUSAL, { status: 400 });

  const { message, session } = chat;
  const stream = support.agent.runStreaming(message, { session, limits: DEFAULT_GUARDS });
  return answerResponse(stream, { sessionId: session.sessionId, onError: (error) => console.error(error) });
}
