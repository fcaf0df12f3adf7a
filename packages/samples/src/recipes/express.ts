// A chat route in Express, with a session for each conversation of a user.
import { DEFAULT_GUARDS, sendAnswer } from '@turnstream/server/sse';
import express, { type Express, type Request } from 'express';
import { openChat, REFUSAL, type Support } from './open-chat.ts';

export function chatApp(support: Support, ownerOf: (request: Request) => string | null): Express {
  const app = express();
  app.post('/chat/stream', express.json(), async (request, response) => {
    const owner = ownerOf(request);
    if (owner === null) return void response.sendStatus(401);
    const chat = await openChat(support, owner, request.body);
    if (chat === null) return void response.status(400).json(REFUSAL);

    const { message, session } = chat;
    const stream = support.agent.runStreaming(message, { session, limits: DEFAULT_GUARDS });
    await sendAnswer(response, stream, { sessionId: session.sessionId, onError: (error) => console.error(error) });
  });
  return app;
}
