// "All closed" in the table is the model's word, not the client's.
import { expect, test } from 'vitest';
import { startFakeModel } from '../src/fake-model.ts';
import { loadPeer } from '../src/load-peer.ts';
import { baseURL, chunksOfText } from '../src/wire.ts';

test.each([
  ['fetch', 'chat'],
  ['fetch', 'responses'],
  ['openai', 'chat'],
  ['openai', 'responses'],
  ['turnstream', 'chat'],
  ['turnstream', 'responses'],
] as const)('the model counts that %s left half-way, over %s', async (name, api) => {
  await using model = await startFakeModel();
  const chat = (await loadPeer(name, api))(baseURL(model.origin, 'held', 6));
  let seen = 0;

  const text = await chat.stream(chat.createSession(), 'Tell me a story.', () => {
    seen += 1;
    return seen < 3;
  });

  expect(text).toBe(chunksOfText(3).join(''));
  await expect.poll(async () => (await fetch(`${model.origin}/closed-early`)).text(), { interval: 5 }).toBe('1');
});
