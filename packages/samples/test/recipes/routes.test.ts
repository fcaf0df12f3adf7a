// The chat routes of docs/recipes: Express, Fastify, Hono and Next, each with sessions per user.
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { reply } from '@turnstream/testkit';
import Fastify from 'fastify';
import { Hono } from 'hono';
import { compress } from 'hono/compress';
import { expect, test } from 'vitest';
import { chatApp as expressApp } from '../../src/recipes/express.ts';
import { addSupport } from '../../src/recipes/fastify-plugin.ts';
import { addChatRoute } from '../../src/recipes/fastify-route.ts';
import { chatApp as honoApp } from '../../src/recipes/hono.ts';
import { chatHandler } from '../../src/recipes/next.ts';
import type { Support } from '../../src/recipes/open-chat.ts';
import { asked, inMemory, scripted, shopInMemory } from './scripted.ts';

/** The bearer token is the user's name: enough for a test. */
const userIn = (authorization: string | null | undefined): string | null => authorization?.split(' ')[1] ?? null;
const userOf = ({ headers }: Request): string | null => userIn(headers.get('authorization'));

interface Route extends AsyncDisposable {
  readonly url: string;
  readonly fetch?: typeof fetch;
}

const open: Readonly<Record<string, (support: Support) => Promise<Route>>> = {
  async Express(support) {
    const app = expressApp(support, ({ headers }) => userIn(headers.authorization));
    const server = createServer(app as RequestListener);
    await once(server.listen(0, '127.0.0.1'), 'listening');
    return {
      url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      async [Symbol.asyncDispose]() {
        server.closeAllConnections();
        await once(server.close(), 'close');
      },
    };
  },
  async Fastify(support) {
    const app = Fastify();
    addChatRoute(app, support, ({ headers }) => userIn(headers.authorization));
    const url = await app.listen({ host: '127.0.0.1', port: 0 });
    return { url, [Symbol.asyncDispose]: () => app.close() };
  },
  Hono: async (support) => onWeb((request) => honoApp(support, userOf).fetch(request)),
  Next: async (support) => onWeb(chatHandler(support, async (request) => userOf(request))),
};

/** A handler of web requests, called as Hono's adapters and Next call it. */
function onWeb(handle: (request: Request) => Response | Promise<Response>): Route {
  return {
    url: 'http://shop.test',
    fetch: async (input, init) => handle(new Request(input, init)),
    async [Symbol.asyncDispose]() {},
  };
}

test.each(Object.keys(open))('%s answers a question on the session of the question before', async (name) => {
  await using service = await scripted(reply(['Packed', '.']), reply('Tomorrow.'));
  await using route = await open[name]!(shopInMemory(service.client));

  const first = await asked({ ...route, token: 'ann', message: 'Where is order 7?' });
  const second = await asked({ ...route, token: 'ann', message: 'When?', sessionId: first.sessionId });

  expect([first.text, second]).toEqual(['Packed.', { text: 'Tomorrow.', sessionId: first.sessionId }]);
  expect(service.model.requests[1]!.texts).toEqual(['Where is order 7?', 'Packed.', 'When?']);
});

test.each(Object.keys(open))('%s refuses the session of another user, and asks no model', async (name) => {
  await using service = await scripted(reply('Packed.'));
  await using route = await open[name]!(shopInMemory(service.client));
  const { sessionId } = await asked({ ...route, token: 'ann', message: 'Where is order 7?' });

  const theft = asked({ ...route, token: 'eve', message: 'What did Ann say?', sessionId });

  await expect(theft).rejects.toMatchObject({ code: 'input_invalid' });
  expect(service.model.requests).toHaveLength(1);
});

test.each(Object.keys(open))('%s refuses a request without a user', async (name) => {
  await using service = await scripted();
  await using route = await open[name]!(shopInMemory(service.client));

  await expect(asked({ ...route, message: 'Hello?' })).rejects.toMatchObject({ status: 401 });
});

test('Hono with compress sends each event as it is', async () => {
  await using service = await scripted(reply('Packed.'));
  const app = new Hono();
  app.use(compress({ threshold: 0 }));
  app.get('/text', ({ text }) => text('A text that is compressed.'));
  app.route(
    '/',
    honoApp(shopInMemory(service.client), () => 'ann'),
  );
  const headers = { 'accept-encoding': 'gzip' };

  const text = await app.request('/text', { headers });
  const stream = await app.request('/chat/stream', { method: 'POST', headers, body: '{"message":"Where?"}' });

  expect([text, stream].map((response) => response.headers.get('content-encoding'))).toEqual(['gzip', null]);
  expect(await stream.text()).toContain('{"text":"Packed."}');
});

test('the server as a plugin knows the users of the app around it', async () => {
  await using service = await scripted(reply('Packed.'));
  const { store } = inMemory();
  const app = Fastify();
  await addSupport(app, { agent: { client: service.client }, store }, ({ headers }) => userIn(headers.authorization));
  const url = `${await app.listen({ host: '127.0.0.1', port: 0 })}/support`;

  const { text, sessionId } = await asked({ url, token: 'ann', message: 'Where is order 7?' });
  const theft = asked({ url, token: 'eve', message: 'What did Ann say?', sessionId });

  await expect(theft).rejects.toMatchObject({ code: 'not_found' });
  expect(text).toBe('Packed.');
  await app.close();
});
