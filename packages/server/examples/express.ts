import type { Agent } from '@turnstream/core';
import { DEFAULT_GUARDS, sendAnswer } from '@turnstream/server/sse';
import express, { type Express } from 'express';

export function chatApp(agent: Agent): Express {
  const app = express();
  app.post('/chat', express.json(), async (request, response) => {
    const stream = agent.runStreaming(String(request.body.message), { limits: DEFAULT_GUARDS });
    await sendAnswer(response, stream, { onError: (error) => console.error(error) });
  });
  return app;
}
