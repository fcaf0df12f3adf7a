// `useChat` of `@ai-sdk/react`, unmodified, on a page in a real browser, against a served agent.
import { tool } from '@turnstream/core';
import { callTool, httpError, reply, stallAfter } from '@turnstream/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hasBrowser } from '../../../../scripts/browser.ts';
import { serve, TOKEN } from '../served.ts';
import { PageOpener } from './open-page.ts';

const ui = { history: 'server' } as const;
const stuck = reply(['It ', 'shipped.'], { fault: stallAfter({ chunks: 1 }) });

describe.skipIf(!hasBrowser)('useChat in chromium', { tags: ['browser'] }, () => {
  let browser: PageOpener;
  beforeAll(async () => void (browser = await PageOpener.connect()));
  afterAll(() => browser.close());

  test.each(['server', 'client'] as const)('two turns of a chat whose history is kept by the %s', async (history) => {
    await using shop = await serve({ ui: { history }, steps: [reply(['It ', 'shipped.']), reply('Tomorrow.')] });
    const page = await browser.open(shop.url);

    await page.ask('Where is my order?');
    await expect.poll(page.lines).toContain('assistant: It shipped.');
    await page.ask('When does it arrive?');
    await expect.poll(page.lines).toContain('assistant: Tomorrow.');

    await expect.poll(page.state).toEqual(['ready', '']);
    expect(await page.lines()).toHaveLength(4);
    expect(shop.model.requests[1]!.texts).toEqual(['Where is my order?', 'It shipped.', 'When does it arrive?']);
  });

  test('a tool of the agent, and one that the page runs', async () => {
    const track = tool({ name: 'track', description: 'Tracks.', execute: () => 'in Oslo' });
    const look = tool({ name: 'look', description: 'What the page shows.' });
    const steps = [callTool('track', {}), reply('In Oslo.'), callTool('look', {}), reply('Oslo, as you see.')];
    await using shop = await serve({ ui, agent: { tools: [track, look] }, steps });
    const page = await browser.open(shop.url);

    await page.ask('Where is it?');
    await expect.poll(page.lines).toContain('assistant: In Oslo.');
    await page.ask('Where is that?');
    await expect.poll(page.lines).toContain('assistant: Oslo, as you see.');

    expect(await page.lines()).toEqual([
      'user: Where is it?',
      'tool-track output-available: "in Oslo"',
      'assistant: In Oslo.',
      'user: Where is that?',
      'tool-look output-available: "A map of Oslo"',
      'assistant: Oslo, as you see.',
    ]);
    expect(shop.model.requests[3]!.texts).toContain('A map of Oslo');
  });

  test('Stop closes the connection of the model, and the next turn knows what came', async () => {
    await using shop = await serve({ ui, steps: [stuck, reply('Yes.')] });
    const page = await browser.open(shop.url);
    await page.ask('Where is my order?');
    await expect.poll(page.lines).toContain('assistant: It ');

    await page.stop();
    await shop.model.requests[0]!.closed;
    await expect.poll(() => shop.log.join('')).toContain('"by":"reader"');
    await page.ask('All of it?');
    await expect.poll(page.lines).toContain('assistant: Yes.');

    expect(shop.model.requests[0]).toMatchObject({ closedEarly: true, bytesAfterLeaving: 0 });
    const marked = 'It \n[This answer was interrupted here.]';
    expect(shop.model.requests[1]!.texts).toEqual(['Where is my order?', marked, 'All of it?']);
  });

  test('an answer that fails, and a refusal, are errors in words for people', async () => {
    await using shop = await serve({ ui, steps: [httpError(429, { message: 'org-ours' })] });
    const page = await browser.open(shop.url);

    await page.ask('Where is my order?');
    await expect.poll(page.state).toEqual(['error', "The model's service is busy. Ask again later."]);
    const stranger = await browser.open(shop.url, { token: 'wrong' });
    await stranger.ask('Where is my order?');

    const words = 'The request has no valid token. Send `Authorization: Bearer ...`.';
    await expect.poll(stranger.state).toEqual(['error', words]);
  });

  test.each([
    ['its own transport', {}, 'network error'],
    ['our transport', { ours: '' }, 'The network connection broke before the end of the answer'],
  ])('a server that dies in mid-answer is an error over %s, and what came stays', async (_which, options, words) => {
    await using shop = await serve({ ui, steps: [stuck] });
    const page = await browser.open(shop.url, options);
    await page.ask('Where is my order?');
    await expect.poll(page.lines).toContain('assistant: It ');

    shop.die();

    await expect.poll(page.state).toEqual(['error', expect.stringContaining(words)]);
    expect(await page.lines()).toEqual(['user: Where is my order?', 'assistant: It ']);
  });

  test('a page that was reloaded resumes the answer, over either transport', async () => {
    await using shop = await serve({ ui: { ...ui, resume: true }, steps: [stuck, stuck] });
    const asked = { asked: 'Where is my order?' };
    const stopping = { method: 'POST', headers: { authorization: `Bearer ${TOKEN}` } };

    for (const options of [{}, { ours: '' }]) {
      const page = await browser.open(shop.url, options);
      await page.ask(asked.asked);
      await expect.poll(page.lines).toContain('assistant: It ');
      await browser.leave();
      const reloaded = await browser.open(shop.url, { ...options, ...asked });
      await expect.poll(reloaded.lines).toEqual(['user: Where is my order?', 'assistant: It ']);
      await expect.poll(reloaded.state).toEqual(['streaming', '']);

      await fetch(`${shop.url}/chat/ui/chat-1/stop`, stopping);

      await expect.poll(reloaded.state).toEqual(['ready', '']);
    }
  });
});
