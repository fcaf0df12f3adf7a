// The same with a signal, which ends the loop with an error.
import type { ServerResponse } from 'node:http';
import type { Agent } from '@turnstream/core';

export async function answer(agent: Agent, question: string, response: ServerResponse): Promise<void> {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const reader = new AbortController();
  response.on('close', () => reader.abort());
  try {
    for await (const { text } of agent.runStreaming(question, { signal: reader.signal })) {
      response.write(`data: ${JSON.stringify({ text })}\n\n`);
    }
    response.end('event: done\ndata: {}\n\n');
  } catch (error) {
    if (!reader.signal.aborted) throw error;
  }
}
