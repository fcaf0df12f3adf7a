// The plugin inside an application that has plugins, parsers and decorators of its own.
import fastifyCors from '@fastify/cors';
import fastifyJwt from '@fastify/jwt';
import { OpenAIResponsesClient } from '@turnstream/openai';
import Fastify, { type FastifyInstance } from 'fastify';
import { expect, test } from 'vitest';
import { type AgentServerOptions, agentServer } from '../../src/index.ts';
import { memoryStore, TOKEN } from '../app-rig.ts';

function addAgent(app: FastifyInstance, options: Partial<AgentServerOptions> = {}): PromiseLike<unknown> {
  const client = new OpenAIResponsesClient({ model: 'm', apiKey: 'none' });
  return app.register(async (scope) =>
    agentServer(scope, { agent: { client }, store: memoryStore(), identity: { token: TOKEN }, ...options }),
  );
}

const asked = {
  method: 'POST',
  url: '/chat',
  headers: { host: 'localhost', authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' },
  body: '{"message":" "}',
} as const;

test("the application's own JSON parser and decorator do not interfere", async () => {
  await using app = Fastify();
  app.removeContentTypeParser('application/json');
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, done) => done(null, [body]));
  app.decorateRequest('owner', 'their own');
  const seen: unknown[] = [];
  app.addHook('onResponse', async (request) => void seen.push(Reflect.get(request, 'owner')));
  await addAgent(app);

  const { statusCode, body } = await app.inject(asked);

  expect(seen).toEqual(['their own']);
  expect([statusCode, JSON.parse(body)]).toMatchObject([400, { error: { message: 'message: must not be blank' } }]);
});

test('a request that a hook of the application refuses gets the code of its status', async () => {
  await using app = Fastify();
  app.addHook('onRequest', async () => {
    throw Object.assign(new Error('slow down'), { statusCode: 429 });
  });
  await addAgent(app);

  const { statusCode, body } = await app.inject(asked);

  expect([statusCode, JSON.parse(body)]).toMatchObject([429, { error: { code: 'rate_limited' } }]);
});

test('a second CORS plugin is refused, and the error says what to do', async () => {
  await using app = Fastify();
  await app.register(fastifyCors);

  const adding = addAgent(app, { cors: { origins: ['https://a.example'] } });

  await expect(adding).rejects.toMatchObject({
    code: 'config_invalid',
    message: expect.stringContaining('leave `cors` out'),
  });
});

test('a second plugin for JSON Web Tokens is refused, and the error says what to do', async () => {
  await using app = Fastify();
  await app.register(fastifyJwt, { secret: 'a secret of the application' });

  const adding = addAgent(app, { identity: { jwt: { secret: 'a secret of the server' } } });

  await expect(adding).rejects.toMatchObject({
    code: 'config_invalid',
    message: expect.stringContaining('`identity: { authenticate }`'),
  });
});
