// What the server does on its own routes.
import type { ServerResponse } from 'node:http';
import type { Agent } from '@turnstream/core';
import { sendAnswer } from '@turnstream/server/sse';
export async function answer(agent: Agent, question: string, response: ServerResponse): Promise<void> {
  await sendAnswer(response, agent.runStreaming(question));
}
