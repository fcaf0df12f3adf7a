// The socket's close event cancels the stream, whatever the loop is doing.
import type { ServerResponse } from 'node:http';
import type { Agent } from '@turnstream/core';

export async function answer(agent: Agent, question: string, response: ServerResponse): Promise<void> {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const stream = agent.runStreaming(question);
  response.on('close', () => void stream.cancel());
  for await (const { text } of stream) {
    response.write(`data: ${JSON.stringify({ text })}\n\n`);
  }
  response.end('event: done\ndata: {}\n\n');
}
