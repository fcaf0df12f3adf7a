// A route as it is often written first. Do not use it: closed-tab.ts shows what it costs, and its test what it believes.
import { json } from 'node:stream/consumers';
import type { Agent } from '@turnstream/core';
import type { Route } from './serve-route.ts';

export interface NaiveOptions {
  /** Looks with each word whether the reader is still there. */
  readonly looksEachWord: boolean;
}

export function naiveRoute(agent: Agent, { looksEachWord }: NaiveOptions): Route {
  return async (request, response) => {
    const { message } = (await json(request)) as { message: string };
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    for await (const { text } of agent.runStreaming(message)) {
      if (looksEachWord && response.destroyed) break;
      if (text !== '') response.write(`data: ${text}\n\n`);
    }
    response.end('data: [DONE]\n\n');
  };
}
