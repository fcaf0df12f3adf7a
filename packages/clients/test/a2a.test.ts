// `@a2a-js/sdk`, unmodified, against a served agent.
import { tool } from '@turnstream/core';
import { callTool, httpError, reply, stallAfter } from '@turnstream/testkit';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { a2a, ask, brief, clientAt, send, shown, taskOf, wordsOf } from './a2a-client.ts';
import { serve } from './served.ts';

const orders = tool({
  name: 'find_order',
  description: 'Finds an order.',
  parameters: z.object({ id: z.string() }),
  execute: ({ id }) => `${id} left Rome`,
});

const stuck = reply(['Once ', 'upon'], { fault: stallAfter({ chunks: 1 }) });

test('the second turn of a context continues the first, whole or as a stream', async () => {
  await using shop = await serve({ a2a, steps: [reply('It shipped.'), reply(['Tomo', 'rrow.'])] });
  const client = await clientAt(shop.url);

  const first = await send(client, ask('Where is my order?'));
  const more = { contextId: first.contextId };
  const second = await Array.fromAsync(client.sendMessageStream(ask('When does it arrive?', more)));

  expect(shown(first)).toEqual(['COMPLETED', 'It shipped.']);
  expect(brief(second)).toEqual(['WORKING', 'Tomo', 'rrow.', '', 'COMPLETED']);
  expect(shop.model.requests[1]?.texts).toEqual(['Where is my order?', 'It shipped.', 'When does it arrive?']);
});

test('the agent runs its tool, and the client sees only the answer', async () => {
  const steps = [callTool('find_order', { id: 'A7' }), reply('A7 left Rome.')];
  await using shop = await serve({ a2a, agent: { tools: [orders] }, steps });
  const client = await clientAt(shop.url);

  const frames = await Array.fromAsync(client.sendMessageStream(ask('Where is A7?')));

  expect(brief(frames)).toEqual(['WORKING', 'A7 left Rome.', '', 'COMPLETED']);
  expect(shop.model.requests[1]?.texts).toEqual(['Where is A7?', '', 'A7 left Rome']);
});

test('an abort closes the connection of the model, and the task is canceled with the part it had', async () => {
  await using shop = await serve({ a2a, steps: [stuck] });
  const client = await clientAt(shop.url);
  const leaving = new AbortController();
  const frames = client.sendMessageStream(ask('Tell me a story.'), { signal: leaving.signal });
  const { id } = taskOf((await frames.next()).value!);
  await frames.next();

  leaving.abort();

  await expect(frames.next()).rejects.toThrow('abort');
  await shop.model.requests[0]!.closed;
  expect(shop.model.requests[0]).toMatchObject({ closedEarly: true, bytesAfterLeaving: 0 });
  await expect.poll(async () => shown(await client.getTask({ tenant: '', id }))).toEqual(['CANCELED', 'Once ']);
});

test('a failed answer is a failed task with the reason in words', async () => {
  await using shop = await serve({ a2a, steps: [httpError(500), httpError(500)] });
  const client = await clientAt(shop.url);

  const whole = await send(client, ask('Hi'));
  const frames = await Array.fromAsync(client.sendMessageStream(ask('Hi')));

  expect(shown(whole)).toEqual(['FAILED', '']);
  expect(wordsOf(whole)).toBe("The model's service failed. Ask again later.");
  expect(brief(frames)).toEqual(['WORKING', 'FAILED']);
});

test('a server that dies in mid-answer throws in the client', async () => {
  await using shop = await serve({ a2a, steps: [stuck] });
  const client = await clientAt(shop.url);
  const frames = client.sendMessageStream(ask('Tell me a story.'));
  const seen = [await frames.next(), await frames.next()].map(({ value }) => value!);

  shop.die();

  await expect(frames.next()).rejects.toThrow('terminated');
  expect(brief(seen)).toEqual(['WORKING', 'Once ']);
});
