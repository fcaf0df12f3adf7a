import type { Agent } from '@turnstream/core';
import { answerResponse, DEFAULT_GUARDS } from '@turnstream/server/sse';
import { Hono } from 'hono';

export function chatApp(agent: Agent): Hono {
  const app = new Hono();
  app.post('/chat', async ({ req }) => {
    const { message } = await req.json<{ message: string }>();
    return answerResponse(agent.runStreaming(message, { limits: DEFAULT_GUARDS }), { onError: console.error });
  });
  return app;
}
