// streamChat when one side stops: a reader that leaves or aborts, a server that is gone or never ends a frame.
import { expect, test } from 'vitest';
import { streamChat } from '../../src/client/index.ts';
import { frame, open, scriptedServer } from '../scripted-server.ts';
import { session } from './whole-stream.ts';

test('a server that is not there is connection_failed', async () => {
  const server = await scriptedServer();
  await server[Symbol.asyncDispose]();

  const reading = Array.fromAsync(streamChat({ url: server.url, message: 'Go' }));

  await expect(reading).rejects.toMatchObject({ code: 'connection_failed' });
});

test('break closes the connection at once', async () => {
  await using server = await scriptedServer(open(frame('1', 'session', session)));

  for await (const { type } of streamChat({ url: server.url, message: 'Go' })) if (type === 'session') break;

  await server.asked[0]!.closed;
});

test('an aborted signal closes the connection of a silent server, and its reason is thrown', async () => {
  await using server = await scriptedServer(open(frame('1', 'session', session)));
  const stop = new AbortController();
  const reading = streamChat({ url: server.url, message: 'Go', signal: stop.signal })[Symbol.asyncIterator]();
  await reading.next();
  const waiting = reading.next();

  stop.abort(new Error('enough'));

  await expect(waiting).rejects.toThrow('enough');
  await server.asked[0]!.closed;
});

test('leaving while the server is silent does not wait for it', async () => {
  await using server = await scriptedServer(open(frame('1', 'session', session)));
  const reading = streamChat({ url: server.url, message: 'Go' })[Symbol.asyncIterator]();
  await reading.next();
  const waiting = reading.next();
  waiting.catch(() => {});

  await reading.return?.();

  await server.asked[0]!.closed;
  await expect(waiting).rejects.toMatchObject({ code: 'stream_truncated' });
});

test('an endless frame is abandoned at 16 Mi characters, and the connection is closed', async () => {
  const piece = new TextEncoder().encode(`data: ${'x'.repeat(1024 * 1024 - 6)}`);
  let [sent, isClosed] = [0, false];
  const endless = new ReadableStream({
    pull(controller) {
      sent += 1;
      controller.enqueue(piece);
    },
    cancel() {
      isClosed = true;
    },
  });
  const fetch = async () => new Response(endless, { headers: { 'content-type': 'text/event-stream' } });

  const reading = Array.fromAsync(streamChat({ url: 'http://server.test', message: 'Go', fetch }));

  await expect(reading).rejects.toMatchObject({ name: 'AgentError', code: 'stream_malformed' });
  expect(sent).toBeLessThanOrEqual(18);
  expect(isClosed).toBe(true);
});
