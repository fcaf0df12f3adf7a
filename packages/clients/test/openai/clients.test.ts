// Clients of OpenAI's APIs, unmodified, against a served agent: each passes the same tests.
import { tool } from '@turnstream/core';
import { callTool, reply, resetAfter, stallAfter } from '@turnstream/testkit';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { serve, TOKEN } from '../served.ts';
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

describe.each(clients)('$name', (client) => {
  test('a second turn carries the first', async () => {
    await using shop = await serve({ openai, steps: [reply(['It ', 'shipped.']), reply('Tomorrow.')] });
    const chat = client.open({ url: shop.url, token: TOKEN });

    const answers = [await chat.ask('Where is my order?'), await chat.ask('When does it arrive?')];

    expect(answers).toEqual(['It shipped.', 'Tomorrow.']);
    expect(shop.model.requests[1]?.texts).toEqual(['Where is my order?', 'It shipped.', 'When does it arrive?']);
  });

  test('it runs its own tool, and the answer continues with the result', async () => {
    const steps = [callTool('look', {}, { callId: 'call_1' }), reply('A map.'), reply('Yes.')];
    await using shop = await serve({ openai, steps });
    const chat = client.open({ url: shop.url, token: TOKEN });

    const answers = [await chat.ask('What do I see?'), await chat.ask('Is it Oslo?')];

    expect(answers).toEqual(['A map.', 'Yes.']);
    expect(shop.model.requests[2]?.messages.map(({ role, text }) => [role, text])).toEqual([
      ['user', 'What do I see?'],
      ['assistant', ''],
      ['tool', look.seen],
      ['assistant', 'A map.'],
      ['user', 'Is it Oslo?'],
    ]);
  });

  test.each(['hidden', 'shown'] as const)('the server runs the tool of the agent, %s', async (tools) => {
    const steps = [callTool('track', { parcel: 'A1' }, { callId: 'call_1' }), reply('In Oslo.'), reply('Bye.')];
    await using shop = await serve({ openai: { tools }, agent: { tools: [track] }, steps });
    const chat = client.open({ url: shop.url, token: TOKEN });

    const answers = [await chat.ask('Where is parcel A1?'), await chat.ask('Thanks.')];

    expect(answers).toEqual(['In Oslo.', 'Bye.']);
    expect(shop.model.requests[1]?.texts.at(-1)).toBe('A1 is in Oslo');
  });

  test('an abort closes the connection of the model', async () => {
    await using shop = await serve({ openai, steps: [stuck] });
    const leaving = new AbortController();
    const chat = client.open({ url: shop.url, token: TOKEN });

    const asking = chat.ask('Where is my order?', { signal: leaving.signal, onText: () => leaving.abort() });

    await expect(asking).rejects.toThrow();
    await shop.model.requests[0]?.closed;
    expect(shop.model.requests[0]).toMatchObject({ closedEarly: true, bytesAfterLeaving: 0 });
  });

  test('an answer that fails rejects, in words for people', async () => {
    const broken = reply(['It ', 'shipped.'], { fault: resetAfter({ chunks: 1 }) });
    await using shop = await serve({ openai, steps: [broken] });
    const chat = client.open({ url: shop.url, token: TOKEN });

    const asking = chat.ask('Where is my order?');

    await expect(asking).rejects.toThrow('The stream stopped before the answer was finished. Ask again.');
  });

  test('a refusal rejects, in words for people', async () => {
    await using shop = await serve({ openai, steps: [] });
    const chat = client.open({ url: shop.url, token: 'wrong' });

    const asking = chat.ask('Hello?');

    await expect(asking).rejects.toThrow('no valid token');
  });

  test('a server that dies in mid-answer rejects', async () => {
    await using shop = await serve({ openai, steps: [stuck] });
    const chat = client.open({ url: shop.url, token: TOKEN });

    const asking = chat.ask('Where is my order?', { onText: () => shop.die() });

    await expect(asking).rejects.toThrow();
  });
});
