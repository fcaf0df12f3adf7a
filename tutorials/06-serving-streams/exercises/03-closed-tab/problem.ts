// Fix: the reader leaves, but the model keeps writing.
import type { ServerResponse } from 'node:http';
import type { Agent } from '@turnstream/core';

export async function answer(agent: Agent, question: string, response: ServerResponse): Promise<void> {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  for await (const { text } of agent.runStreaming(question)) {
    response.write(`data: ${JSON.stringify({ text })}\n\n`);
  }
  response.end('event: done\ndata: {}\n\n');
}
