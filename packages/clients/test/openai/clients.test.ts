// Clients of OpenAI's APIs, unmodified, against a served agent: each passes the same tests.
import { tool } from '@turnstream/core';
import { callTool, reply, resetAfter, stallAfter } from '@turnstream/testkit';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { type Served, serve, TOKEN } from '../served.ts';
import { look } from './chat.ts';
import { clients } from './clients.ts';

const openai = {};
const stuck = reply(['It ', 'shipped.'], { fault: stallAfter({ chunks: 1 }) });
const track = tool({
  name: 'track',
  description: 'Where a parcel is.',
  parameters: z.object({ parcel: z.string() }),
  execute: ({ parcel }) => `${parcel} is in Oslo`,
});

/** One server for all tests that need no other: each adds the steps of its model, and uses all of them. */
let shop: Served;
beforeAll(async () => void (shop = await serve({ openai, steps: [] })));
afterEach(() => shop.model.expectDone());
afterAll(() => shop[Symbol.asyncDispose]());

describe.each(clients)('$name', (client) => {
  test('a second turn carries the first', async () => {
    shop.model.add(reply(['It ', 'shipped.']), reply('Tomorrow.'));
    const chat = client.open({ url: shop.url, token: TOKEN });

    const answers = [await chat.ask('Where is my order?'), await chat.ask('When does it arrive?')];

    expect(answers).toEqual(['It shipped.', 'Tomorrow.']);
    expect(shop.model.requests.at(-1)?.texts).toEqual(['Where is my order?', 'It shipped.', 'When does it arrive?']);
  });

  test('it runs its own tool, and the answer continues with the result', async () => {
    shop.model.add(callTool('look', {}, { callId: 'call_1' }), reply('A map.'), reply('Yes.'));
    const chat = client.open({ url: shop.url, token: TOKEN });

    const answers = [await chat.ask('What do I see?'), await chat.ask('Is it Oslo?')];

    expect(answers).toEqual(['A map.', 'Yes.']);
    expect(shop.model.requests.at(-1)?.messages.map(({ role, text }) => [role, text])).toEqual([
      ['user', 'What do I see?'],
      ['assistant', ''],
      ['tool', look.seen],
      ['assistant', 'A map.'],
      ['user', 'Is it Oslo?'],
    ]);
  });

  test.each(['hidden', 'shown'] as const)('the server runs the tool of the agent, %s', async (tools) => {
    const steps = [callTool('track', { parcel: 'A1' }, { callId: 'call_1' }), reply('In Oslo.'), reply('Bye.')];
    await using withTool = await serve({ openai: { tools }, agent: { tools: [track] }, steps });
    const chat = client.open({ url: withTool.url, token: TOKEN });

    const answers = [await chat.ask('Where is parcel A1?'), await chat.ask('Thanks.')];

    expect(answers).toEqual(['In Oslo.', 'Bye.']);
    expect(withTool.model.requests[1]?.texts.at(-1)).toBe('A1 is in Oslo');
  });

  test('an abort closes the connection of the model', async () => {
    shop.model.add(stuck);
    const leaving = new AbortController();
    const chat = client.open({ url: shop.url, token: TOKEN });

    const asking = chat.ask('Where is my order?', { signal: leaving.signal, onText: () => leaving.abort() });

    await expect(asking).rejects.toThrow();
    const request = shop.model.requests.at(-1);
    await request?.closed;
    expect(request).toMatchObject({ closedEarly: true, bytesAfterLeaving: 0 });
  });

  test('an answer that fails rejects, in words for people', async () => {
    shop.model.add(reply(['It ', 'shipped.'], { fault: resetAfter({ chunks: 1 }) }));
    const chat = client.open({ url: shop.url, token: TOKEN });

    const asking = chat.ask('Where is my order?');

    await expect(asking).rejects.toThrow('The stream stopped before the answer was finished. Ask again.');
  });

  test('a refusal rejects, in words for people', async () => {
    const chat = client.open({ url: shop.url, token: 'wrong' });

    const asking = chat.ask('Hello?');

    await expect(asking).rejects.toThrow('no valid token');
  });

  test('a server that dies in mid-answer rejects', async () => {
    await using mortal = await serve({ openai, steps: [stuck] });
    const chat = client.open({ url: mortal.url, token: TOKEN });

    const asking = chat.ask('Where is my order?', { onText: () => mortal.die() });

    await expect(asking).rejects.toThrow();
  });
});
