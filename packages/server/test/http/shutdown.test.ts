// Closing a server takes a bounded time, whatever its clients do, and hands over its runs first.

import { once } from 'node:events';
import { connect } from 'node:net';
import { background, reply, TestClock } from '@turnstream/testkit';
import { expect, test, vi } from 'vitest';
import { openRig, type Rig, TOKEN } from '../app-rig.ts';

test.each([
  ['headers', 'POST /chat HTTP/1.1\r\nHost: x\r\n'],
  [
    'body',
    `POST /chat HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer ${TOKEN}\r\ncontent-type: application/json\r\ncontent-length: 30\r\n\r\n{"mess`,
  ],
])('a request with half its %s does not keep a server from closing', async (_what, bytes) => {
  await using rig = await openRig({ ceilings: { shutdownMs: 50 } });
  const { closed } = await halfSent(rig, bytes);

  await rig.app.close();

  await expect(closed).resolves.toBeUndefined();
});

test('runs are released before the server waits for connections', async () => {
  const clock = new TestClock();
  await using rig = await openRig({
    ceilings: { shutdownMs: 50 },
    steps: [background(reply(['In ', 'time.'], { chunkDelayMs: 1_000 }), { clock })],
  });
  const { runId } = await (await rig.post('/runs', { message: 'Hi' })).json();
  await expect.poll(() => rig.model.requests.filter(({ method }) => method === 'POST').length).toBe(1);
  const { closed } = await halfSent(rig, 'POST /chat HTTP/1.1\r\nHost: x\r\n');
  const order: string[] = [];
  const release = vi.spyOn(rig.store.runs, 'release');
  void closed.then(() => order.push(`cut after ${release.mock.calls.length} releases`));

  await rig.app.close();
  await closed;

  expect(order).toEqual(['cut after 1 releases']);
  expect(release).toHaveBeenCalledWith(expect.objectContaining({ runId }));
});

/** Sends only these bytes and leaves the request unfinished. */
async function halfSent({ app, url }: Rig, bytes: string): Promise<{ readonly closed: Promise<void> }> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  socket.on('error', () => {});
  const arrived = once(app.server, 'connection');
  socket.write(bytes);
  await arrived;
  // Not `once()`, which rejects when the server resets the connection.
  return { closed: new Promise((resolve) => socket.on('close', () => resolve())) };
}
