// Requests that are too slow or no HTTP: what comes back on the socket.
import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { openRig, type Rig, TOKEN } from '../app-rig.ts';

test.each([
  ['headers', 'POST /chat HTTP/1.1\r\nhost: 127.0.0.1\r\nx-slow: '],
  [
    'body',
    `POST /chat HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer ${TOKEN}\r\ncontent-type: application/json\r\ncontent-length: 30\r\n\r\n{"mess`,
  ],
])('a request whose %s never end is closed', async (_what, bytes) => {
  await using rig = await openRig({ http: { headersMs: 200, requestMs: 300 } });

  const answer = await send(rig, bytes);

  expect(answer).toMatch(/^HTTP\/1\.1 408 /);
});

test.each([
  ['an invalid request line', 'NONSENSE\r\n\r\n', 400],
  ['an invalid URL', `GET /runs/%c0canary HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\n\r\n`, 400],
  ['too large headers', `GET / HTTP/1.1\r\nhost: 127.0.0.1\r\nx-a: ${'canary'.repeat(4_000)}\r\n\r\n`, 431],
  ['headers that never end', 'GET /canary HTTP/1.1\r\nhost: 127.0.0.1\r\n', 408],
])('%s gets an error in the documented shape that repeats nothing of the request', async (_what, bytes, status) => {
  await using rig = await openRig({ http: { headersMs: 200, requestMs: 300 } });

  const answer = await send(rig, bytes);

  const [head = '', body = ''] = answer.split('\r\n\r\n');
  expect(head).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
  expect(JSON.parse(body)).toEqual({
    error: { code: 'input_invalid', message: expect.any(String), requestId: expect.any(String) },
  });
  expect(answer).not.toContain('canary');
});

/** What comes back until the server closes the connection. */
function send({ url }: Rig, bytes: string): Promise<string> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  socket.setEncoding('utf8');
  socket.write(bytes);
  return new Promise((resolve, reject) => {
    let answer = '';
    socket.on('data', (chunk) => {
      answer += String(chunk);
    });
    socket.on('error', reject);
    socket.on('close', () => resolve(answer));
  });
}
