import type { Agent } from '@turnstream/core';
import { answerResponse, DEFAULT_GUARDS } from '@turnstream/server/sse';

/** In `app/chat/route.ts`: `export const POST = chatRoute(agent);` */
export function chatRoute(agent: Agent) {
  return async (request: Request): Promise<Response> => {
    const { message } = (await request.json()) as { message: string };
    return answerResponse(agent.runStreaming(message, { limits: DEFAULT_GUARDS }), { onError: console.error });
  };
}
