// How frames leave the process: those of one turn of the event loop together, and never later than its end.
import { once } from 'node:events';
import { createServer, IncomingMessage, ServerResponse } from 'node:http';
import { type AddressInfo, connect, Socket } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import { readerGone, SseWriter } from '../../src/sse/writer.ts';

test('frames of one turn go out in one write, those of the next in another', async () => {
  const chunks = await chunksOf(async (sse) => {
    await sse.write('a');
    await sse.write('b');
    await setImmediate();
    await sse.write('c');
    await sse.write('d');
  });

  expect(chunks).toEqual(['ab', 'cd']);
});

test('a turn with many frames waits for its reader', async () => {
  let written = 0;
  let failure: unknown;

  await answerOf(
    async (sse) => {
      try {
        for (; written < 2_000; written += 1) await sse.write('x'.repeat(10_000));
      } catch (error) {
        failure = error;
      }
    },
    { reads: false },
  );

  expect(failure).toMatchObject({ code: 'reader_too_slow' });
  expect(written).toBeLessThan(2_000);
});

test('the head goes out with the first frame of its turn, and alone without one', async () => {
  const first = await answerOf(async (sse) => sse.write('a'));
  const later = await answerOf((_sse, { heard }) => heard);

  expect(first.reads[0]).toMatch(/^HTTP\/1\.1 200 OK\r\n[^]*\r\n\r\n1\r\na\r\n/);
  expect(later.reads).toEqual([expect.stringMatching(/^HTTP\/1\.1 200 OK\r\n/), '0\r\n\r\n']);
});

test('nothing is written behind an answer that was there at once', async () => {
  let written: readonly (readonly unknown[])[] = [];

  await answerOf(async (sse, { socket }) => {
    written = vi.spyOn(socket!, 'write').mock.calls;
    await sse.write('a');
  });

  expect(written.map(([data]) => data)).toContain('a');
  expect(written.map(([data]) => data)).not.toContain('');
});

test('a reader that does not take the last frames is cut off', async () => {
  const { isCutOff } = await answerOf(
    async (sse, { socket }) => {
      socket?.cork();
      for (let written = 0; written < 5; written += 1) await sse.write('x'.repeat(16_000));
    },
    { reads: false },
  );

  expect(isCutOff).toBe(true);
});

test('a reader that leaves before the end is gone, also for a caller that looks afterwards', async () => {
  const response = new ServerResponse(new IncomingMessage(new Socket()));
  const gone = readerGone(response);
  const before = gone.aborted;

  response.destroy();
  await once(response, 'close');

  const reason = expect.objectContaining({ name: 'ReaderGone', message: 'the reader has gone' });
  expect([before, gone.reason, readerGone(response).reason]).toEqual([false, reason, reason]);
});

interface Answer {
  readonly isCutOff: boolean;
  /** What the reader got, read by read. */
  readonly reads: readonly string[];
}

/** One answer, until it has ended here and its connection is closed. */
async function answerOf(
  write: (sse: SseWriter, reader: { readonly heard: Promise<void>; readonly socket: Socket | null }) => Promise<void>,
  { reads: isRead = true }: { readonly reads?: boolean } = {},
): Promise<Answer> {
  const ended = Promise.withResolvers<boolean>();
  const heard = Promise.withResolvers<void>();
  const serve = async (response: ServerResponse): Promise<void> => {
    const [gone, stopping] = [readerGone(response), new AbortController().signal];
    const sse = new SseWriter(response, { gone, stopping, keepAliveMs: 3_600_000, stalledReaderMs: 20 });
    await write(sse, { heard: heard.promise, socket: response.socket });
    await sse.end();
    ended.resolve(response.destroyed);
  };
  // As in a server, whose routes are asynchronous.
  const server = createServer((_request, response) => queueMicrotask(() => void serve(response)));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  const reads: string[] = [];
  const onData = (data: Buffer): void => {
    reads.push(String(data));
    heard.resolve();
  };
  if (isRead) socket.on('data', onData);
  socket.write('GET / HTTP/1.1\r\nhost: test\r\nconnection: close\r\n\r\n');
  const isCutOff = await ended.promise;
  if (isRead) await once(socket, 'close');
  socket.destroy();
  await once(server.close(), 'close');
  return { isCutOff, reads };
}

/** The chunks of the body: each is one write. */
async function chunksOf(write: (sse: SseWriter) => Promise<void>): Promise<readonly string[]> {
  const { reads } = await answerOf(write);
  const [, body = ''] = reads.join('').split('\r\n\r\n');
  return body.split('\r\n').filter((line, index) => index % 2 === 1 && line !== '');
}
