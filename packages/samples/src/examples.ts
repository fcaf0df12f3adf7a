// The examples that an editor shows with the public names. A test runs each of them.
import { DatabaseSync } from 'node:sqlite';
import {
  Agent,
  AgentError,
  type AgentResponse,
  AgentSession,
  type ChatClient,
  contextProvider,
  MemoryHistory,
  type Middleware,
  tool,
} from '@turnstream/core';
import { SqliteHistory, SqliteSessions } from '@turnstream/history/sqlite';
import { createApp } from '@turnstream/server';
import { sqliteStore } from '@turnstream/server/sqlite';
import { z } from 'zod';

export function shopAgent(client: ChatClient): Agent {
  return new Agent({ client, instructions: 'You are the chat of a small shop. Be concise.', tools: [orderStatus] });
}

export async function capitalOf(agent: Agent, country: string): Promise<string> {
  const { text } = await agent.run(`What is the capital of ${country}?`);
  return text;
}

export async function printAnswer(agent: Agent, question: string, session: AgentSession): Promise<void> {
  for await (const update of agent.runStreaming(question, { session })) process.stdout.write(update.text);
}

export async function firstSentence(agent: Agent, question: string): Promise<AgentResponse> {
  const stream = agent.runStreaming(question);
  for await (const text of stream.textStream) if (text.endsWith('.')) break; // closes the model's connection
  return stream.finalResponse(); // what was seen, with status "cancelled"
}

export async function ageOf(agent: Agent, topic: string): Promise<string> {
  const session = agent.createSession();
  await agent.run(`What is ${topic}?`, { session });
  const { text } = await agent.run('How old is it? Answer with a year only.', { session });
  return text;
}

export async function inAnotherProcess(agent: Agent, stored: string, question: string): Promise<string> {
  const session = AgentSession.fromJSON(JSON.parse(stored)); // stored with JSON.stringify(session)
  const { text } = await agent.run(question, { session });
  return text;
}

export const orderStatus = tool({
  name: 'order_status',
  description: 'Where an order is.',
  parameters: z.object({ order: z.number().int() }),
  execute: ({ order }) => `Order ${order} is packed.`,
});

export async function writeReport(agent: Agent, topic: string, save: (token: string) => void): Promise<string> {
  const run = await agent.runInBackground(`Write a report on ${topic}.`);
  save(JSON.stringify(run)); // another process continues with agent.resumeBackground(JSON.parse(token))
  const { text } = await run.wait({ timeoutMs: 60_000 });
  return text;
}

export const timed: Middleware = {
  async tool(call, next) {
    const startedAt = performance.now();
    const result = await next();
    console.log(`${call.tool.name}: ${Math.round(performance.now() - startedAt)} ms`);
    return result;
  },
};

export const today: Middleware = contextProvider({
  provide: () => ({ instructions: `Today is ${new Date().toDateString()}.` }),
});

export function withRecentTurns(client: ChatClient): Agent {
  return new Agent({ client, history: { provider: new MemoryHistory(), lastTurns: 20 } });
}

export async function answerOrReason(agent: Agent, question: string): Promise<string> {
  try {
    const { text } = await agent.run(question);
    return text;
  } catch (error) {
    if (!(error instanceof AgentError)) throw error;
    return error.code === 'rate_limited' ? `Try again in ${error.retryAfterMs} ms.` : `That failed: ${error.code}`;
  }
}

export async function appFor(client: ChatClient, token: string): ReturnType<typeof createApp> {
  const database = new DatabaseSync(':memory:'); // or a file
  return createApp({
    agent: { client, instructions: 'Be concise.' },
    store: sqliteStore({ database, history: new SqliteHistory(database), sessions: new SqliteSessions(database) }),
    identity: { token },
    logger: { level: 'warn' },
  });
}
