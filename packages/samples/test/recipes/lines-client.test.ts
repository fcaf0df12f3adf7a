// The model client of the page on other models, against a service on loopback.
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { Agent, tool } from '@turnstream/core';
import { expect, test } from 'vitest';
import { LinesClient } from '../../src/recipes/lines-client.ts';

interface Service extends AsyncDisposable {
  readonly url: string;
  readonly bodies: readonly unknown[];
}

async function serve(answer: (response: ServerResponse) => void): Promise<Service> {
  const bodies: unknown[] = [];
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      bodies.push(JSON.parse(body));
      answer(response);
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    bodies,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

test('a client of your own streams, and its session remembers', async () => {
  await using service = await serve((response) => response.end('{"text":"Hel"}\n{"text":"lo."}\n{"end":"stop"}\n'));
  const agent = new Agent({ client: new LinesClient(service), instructions: 'Be kind.' });
  const session = agent.createSession();

  const texts = await Array.fromAsync(agent.runStreaming('Hi', { session }).textStream);
  const { finishReason } = await agent.run('Again', { session });

  expect([texts, finishReason]).toEqual([['Hel', 'lo.'], 'stop']);
  expect(service.bodies[1]).toEqual({
    instructions: 'Be kind.',
    messages: [
      { role: 'user', text: 'Hi' },
      { role: 'assistant', text: 'Hello.' },
      { role: 'user', text: 'Again' },
    ],
  });
});

test.each([
  ['ends without its mark', (response: ServerResponse) => response.end('{"text":"Hel"}\n'), 'stream_truncated'],
  [
    'breaks off',
    (response: ServerResponse) => response.write('{"text":"Hel"}\n', () => response.destroy()),
    'stream_truncated',
  ],
  ['is not JSON', (response: ServerResponse) => response.end('<html>\n'), 'stream_malformed'],
  ['is an error', (response: ServerResponse) => response.writeHead(503).end(), 'server_error'],
])('an answer that %s is an error with its code', async (_, answer, code) => {
  await using service = await serve((response) => void answer(response));

  const run = new Agent({ client: new LinesClient(service) }).run('Hi');

  await expect(run).rejects.toMatchObject({ code });
});

test('leaving the answer closes the connection, and an abort throws its reason', async () => {
  const closed = Promise.withResolvers<void>();
  await using service = await serve((response) => response.once('close', closed.resolve).write('{"text":"Hel"}\n'));
  const agent = new Agent({ client: new LinesClient(service) });
  const reason = new Error('stop');

  for await (const update of agent.runStreaming('Hi')) if (update.text !== '') break;
  await closed.promise;
  const stop = new AbortController();
  const stream = agent.runStreaming('Hi', { signal: stop.signal });
  await stream[Symbol.asyncIterator]().next();
  stop.abort(reason);

  await expect(stream.finalResponse()).rejects.toBe(reason);
});

test('what the service does not support is refused before anything is sent', async () => {
  await using service = await serve((response) => response.end());
  const agent = new Agent({ client: new LinesClient(service), tools: [tool({ name: 'look', description: 'Looks.' })] });

  await expect(agent.run('Hi')).rejects.toMatchObject({ code: 'input_invalid' });
  expect(service.bodies).toEqual([]);
});
