// docs/recipes/background.md: the service's webhooks are verified, and the shop is called back when a run ends.
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { getRun, startRun } from '@turnstream/server/client';
import { background, reply } from '@turnstream/testkit';
import { Webhook } from 'standardwebhooks';
import { expect, test } from 'vitest';
import { reportServer, verifiedCallback } from '../../src/recipes/background.ts';
import { inMemory, scripted, token } from './scripted.ts';

const secretOf = (byte: number): string => `whsec_${Buffer.alloc(24, byte).toString('base64')}`;
const secrets = { model: secretOf(1), callbacks: secretOf(2) };

interface Delivery {
  readonly body: string;
  readonly headers: IncomingHttpHeaders;
}

/** The shop's callback route: its URL, and the next request. */
async function shop(): Promise<{ url: string; next: Promise<Delivery> } & AsyncDisposable> {
  const delivered = Promise.withResolvers<Delivery>();
  const server = createServer((request, response) => {
    delivered.resolve(text(request).then((body) => ({ body, headers: request.headers })));
    response.writeHead(204).end();
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/reports`,
    next: delivered.promise,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await once(server.close(), 'close');
    },
  };
}

test('the shop is called back when a run has ended, and reads the answer with the id', async () => {
  await using service = await scripted(background(reply(['Ten orders, ', 'all sent.'])));
  await using receiver = await shop();
  const options = { ...inMemory(), agent: { client: service.client } };
  const app = await reportServer(options, secrets, { allowLoopback: true });
  const url = await app.listen({ host: '127.0.0.1', port: 0 });

  await startRun({ url, token }, { message: 'Report on today.', callbackUrl: receiver.url });
  const { body, headers } = await receiver.next;
  const ended = verifiedCallback(secrets.callbacks, body, headers as Record<string, string>);

  expect(ended).toMatchObject({ type: 'run.completed', data: { state: 'completed' } });
  expect(await getRun({ url, token }, ended.data.runId)).toMatchObject({ text: 'Ten orders, all sent.' });
  expect(() => verifiedCallback(secrets.model, body, headers as Record<string, string>)).toThrow('signature');
  await app.close();
});

test('a webhook of the service is taken, and a forged one is not', async () => {
  await using service = await scripted();
  const app = await reportServer({ ...inMemory(), agent: { client: service.client } }, secrets);
  const body = JSON.stringify({ type: 'response.completed', data: { id: 'resp_1' } });
  const at = new Date();
  const signed = (secret: string): Record<string, string> => ({
    'content-type': 'application/json',
    'webhook-id': 'wh_1',
    'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)),
    'webhook-signature': new Webhook(secret).sign('wh_1', at, body),
  });
  const deliver = async (secret: string): Promise<number> =>
    (await app.inject({ method: 'POST', url: '/webhooks/model', headers: signed(secret), body })).statusCode;

  expect([await deliver(secrets.model), await deliver(secrets.callbacks)]).toEqual([204, 400]);
  await app.close();
});
