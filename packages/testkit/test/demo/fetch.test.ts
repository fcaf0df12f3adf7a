import { expect, test } from 'vitest';
import { demoFetch } from '../../src/demo/fetch.ts';

const ADDRESS = 'https://api.openai.com/v1/responses';
const pace = { firstChunkDelayMs: 0, chunkDelayMs: 0 };
const question = { input: 'What is the capital of France?', stream: true };

test('the demo model answers a fetch without a socket, in the fragments of a stream', async () => {
  const demo = demoFetch({ pace });

  const answer = await demo.fetch(ADDRESS, { method: 'POST', body: JSON.stringify(question) });
  const frames = await answer.text();

  const fragments = [...frames.matchAll(/"delta":"([^"]*)"/g)].map(([, fragment]) => fragment);
  expect(fragments.length).toBeGreaterThan(5);
  expect(fragments.join('')).toBe('The capital of France is Paris.');
  expect(demo.requests.map(({ texts }) => texts)).toEqual([['What is the capital of France?']]);
});

test('a reader that leaves stops the demo model', async () => {
  const demo = demoFetch({ pace: { firstChunkDelayMs: 0, chunkDelayMs: 60_000 } });
  const reader = new AbortController();
  const { signal } = reader;

  await demo.fetch(ADDRESS, { method: 'POST', body: JSON.stringify(question), signal });
  reader.abort();
  await demo.requests[0]?.closed;

  expect(demo.requests[0]?.closedEarly).toBe(true);
});

test('a reader that stops reading the body stops the demo model too', async () => {
  const demo = demoFetch({ pace: { firstChunkDelayMs: 0, chunkDelayMs: 60_000 } });

  const answer = await demo.fetch(ADDRESS, { method: 'POST', body: JSON.stringify(question) });
  for await (const _ of answer.body ?? []) break;
  await demo.requests[0]?.closed;

  expect(demo.requests[0]).toMatchObject({ closedEarly: true, bytesAfterLeaving: 0 });
});

test('a request that is not a model call is refused with its address', async () => {
  const { fetch } = demoFetch({ pace });

  await expect(fetch('https://example.org/x')).rejects.toThrow('not a model call: GET https://example.org/x');
});
