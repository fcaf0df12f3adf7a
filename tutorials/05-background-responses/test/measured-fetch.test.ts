// How long a connection was open, by every way in which it can close.
import { type MockModel, mockModel, reply } from '@turnstream/testkit';
import { expect, test } from 'vitest';
import { MeasuredFetch } from '../measured-fetch.ts';

function ask(connections: MeasuredFetch, { baseURL }: MockModel): Promise<Response> {
  const body = JSON.stringify({ model: 'gpt-4.1', input: 'Hi', stream: true });
  return connections.fetch(`${baseURL}/responses`, { method: 'POST', body });
}

test('a connection is open until its body has ended', async () => {
  using model = mockModel(reply(['A', 'B', 'C'], { chunkDelayMs: 20 }));
  const connections = new MeasuredFetch();

  await (await ask(connections, model)).text();

  expect(await connections.openMs()).toBeGreaterThanOrEqual(38);
});

test('a body that is left closes it too, and one that never came', async () => {
  using model = mockModel(reply(['A', 'B'], { chunkDelayMs: 10_000 }));
  const connections = new MeasuredFetch();

  await (await ask(connections, model)).body!.cancel();
  await connections.fetch('http://127.0.0.1:1/').catch(() => {});

  expect(await connections.openMs()).toBeLessThan(5_000);
});
