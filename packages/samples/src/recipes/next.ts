// A route handler for Next's App Router: the `POST` of `app/api/chat/stream/route.ts`.
import type { Support } from './open-chat.ts';
import { answerChat } from './web-chat.ts';

export function chatHandler(support: Support, ownerOf: (request: Request) => Promise<string | null>) {
  return async (request: Request): Promise<Response> => answerChat(support, await ownerOf(request), request);
}
