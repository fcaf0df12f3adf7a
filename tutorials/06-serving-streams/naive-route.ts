// A typical first version of a route. Do not use it: closed-tab.ts shows its cost, and its test its mistakes.
import { json } from 'node:stream/consumers';
import type { Agent } from '@turnstream/core';
import type { Route } from './serve-route.ts';

export interface NaiveOptions {
  /** Checks with each word whether the reader is still connected. */
  readonly checksEachWord: boolean;
}

export function naiveRoute(agent: Agent, { checksEachWord }: NaiveOptions): Route {
  return async (request, response) => {
    const { message } = (await json(request)) as { message: string };
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    for await (const { text } of agent.runStreaming(message)) {
      if (checksEachWord && response.destroyed) break;
      if (text !== '') response.write(`data: ${text}\n\n`);
    }
    response.end('data: [DONE]\n\n');
  };
}
