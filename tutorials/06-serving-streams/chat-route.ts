// The smallest route that streams an answer, and stops the model when its reader leaves.
import { json } from 'node:stream/consumers';
import type { Agent } from '@turnstream/core';
import { DEFAULT_GUARDS, sendAnswer } from '@turnstream/server/sse';
import type { Route } from './serve-route.ts';

export function chatRoute(agent: Agent): Route {
  return async (request, response) => {
    const { message } = (await json(request)) as { message: string };
    await sendAnswer(response, agent.runStreaming(message, { limits: DEFAULT_GUARDS }));
  };
}
