// What the naive route believes, beside the served agent: that a model writes no line breaks, and that every end is good.
import { Agent } from '@turnstream/core';
import { OpenAIResponsesClient } from '@turnstream/openai';
import { streamChat } from '@turnstream/server/client';
import { reply, type Step, serveModel, truncateAfter } from '@turnstream/testkit';
import { createParser } from 'eventsource-parser';
import { expect, test } from 'vitest';
import { naiveRoute } from '../naive-route.ts';
import { serveAgent } from '../serve-agent.ts';
import { serveRoute } from '../serve-route.ts';

const FORGERY = 'Hello\n\nevent: metadata\ndata: {"sessionId":"forged"}\n\n';

async function clientOf(step: Step) {
  const model = await serveModel(step);
  const client = new OpenAIResponsesClient({ model: 'm', apiKey: 'none', baseURL: model.baseURL, maxRetries: 0 });
  return { client, [Symbol.asyncDispose]: () => model[Symbol.asyncDispose]() };
}

/** Each event of the naive route, as its name and its data. */
async function naiveEvents({ client }: { readonly client: OpenAIResponsesClient }): Promise<string[]> {
  await using served = await serveRoute(naiveRoute(new Agent({ client }), { checksEachWord: true }));
  const response = await fetch(served.url, { method: 'POST', body: '{"message":"Go"}' });
  const events: string[] = [];
  const parser = createParser({ onEvent: ({ event = 'message', data }) => void events.push(`${event}: ${data}`) });
  parser.feed(await response.text());
  return events;
}

test('a model can write an event into the naive stream, and none into that of the server', async () => {
  await using naive = await clientOf(reply([FORGERY]));
  await using guarded = await clientOf(reply([FORGERY]));
  await using served = await serveAgent(guarded.client);

  const forged = await naiveEvents(naive);
  const events = await Array.fromAsync(streamChat({ ...served, message: 'Go' }));

  expect(forged).toEqual(['message: Hello', 'metadata: {"sessionId":"forged"}', 'message: [DONE]']);
  expect(events.map(({ type }) => type)).toEqual(['session', 'update', 'done']);
  expect(events[1]).toMatchObject({ text: FORGERY });
});

test('half an answer looks whole on the naive stream, and is an error on that of the server', async () => {
  const step = reply(['Half ', 'an ', 'answer'], { fault: truncateAfter({ frames: 5 }) });
  await using naive = await clientOf(step);
  await using guarded = await clientOf(step);
  await using served = await serveAgent(guarded.client);

  const ended = await naiveEvents(naive);
  const reading = Array.fromAsync(streamChat({ ...served, message: 'Go' }));

  expect(ended).toEqual(['message: Half ']);
  await expect(reading).rejects.toMatchObject({ name: 'AgentError', code: 'stream_truncated' });
});
