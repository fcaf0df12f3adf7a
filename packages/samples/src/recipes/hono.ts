// A chat route in Hono. The same file runs on Node, Deno, Bun and Workers.
import { Hono } from 'hono';
import type { Support } from './open-chat.ts';
import { answerChat } from './web-chat.ts';

export function chatApp(support: Support, ownerOf: (request: Request) => string | null): Hono {
  const app = new Hono();
  app.post('/chat/stream', ({ req }) => answerChat(support, ownerOf(req.raw), req.raw));
  return app;
}
