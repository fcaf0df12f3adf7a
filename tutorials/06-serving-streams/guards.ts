// Every guard, tripped on purpose: what the reader gets, and the state of the model and the session. Run: npx -y
// pnpm@12 --filter 06-serving-streams guards
import { reportErrors } from '@turnstream/config';
import { AgentError, type Limits } from '@turnstream/core';
import { OpenAIResponsesClient } from '@turnstream/openai';
import { streamChat } from '@turnstream/server/client';
import { floodAfter, reply, type Step, serveModel, stallAfter } from '@turnstream/testkit';
import { serveAgent } from './serve-agent.ts';

reportErrors();

interface Trip {
  readonly model: string;
  readonly step: Step;
  readonly guards: Limits;
}

const WORDS = Array.from({ length: 200 }, () => 'word ');

const TRIPS: readonly Trip[] = [
  { model: 'silent', step: reply(WORDS, { fault: stallAfter({ frames: 0 }) }), guards: { firstUpdateMs: 1_500 } },
  { model: 'stuck', step: reply(WORDS, { fault: stallAfter({ chunks: 3 }) }), guards: { idleMs: 500 } },
  { model: 'dripping', step: reply(WORDS, { chunkDelayMs: 50 }), guards: { totalMs: 1_500 } },
  { model: 'flooding', step: reply(WORDS, { fault: floodAfter({ chunks: 1 }) }), guards: { maxBytes: 20_000 } },
];

for (const trip of TRIPS) console.log(await outcomeOf(trip));

async function outcomeOf({ model: kind, step, guards }: Trip): Promise<string> {
  await using model = await serveModel(step);
  const client = new OpenAIResponsesClient({ model: 'scripted', apiKey: 'none', baseURL: model.baseURL });
  await using served = await serveAgent(client, { guards });
  const startedAt = performance.now();
  let sessionId: string | null = null;
  let code = 'done';
  try {
    for await (const event of streamChat({ ...served, message: 'Go' }))
      if (event.type === 'session') ({ sessionId } = event);
  } catch (error) {
    if (!(error instanceof AgentError)) throw error;
    code = error.code;
  }
  const tookMs = Math.round(performance.now() - startedAt);
  await model.requests[0]?.closed;
  const guard = Object.entries(guards).map(([name, value]) => `${name} ${value}`);
  return `a ${kind} model, ${guard.join()}
   the reader gets ${code}, after ${tookMs} ms
   the model's connection was closed early: ${model.requests[0]?.closedEarly}
   the session has ${await messageCount(served, sessionId)} messages`;
}

async function messageCount({ url, token }: { url: string; token: string }, sessionId: string | null): Promise<number> {
  const response = await fetch(`${url}/sessions/${sessionId}`, { headers: { authorization: `Bearer ${token}` } });
  return ((await response.json()) as { messages: unknown[] }).messages.length;
}
