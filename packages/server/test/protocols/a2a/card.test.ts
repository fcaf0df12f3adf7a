// The agent card.
import { OpenAIResponsesClient } from '@turnstream/openai';
import Fastify from 'fastify';
import { expect, test } from 'vitest';
import { agentServer } from '../../../src/plugin.ts';
import { memoryStore, TOKEN } from '../../app-rig.ts';
import { openA2A } from './rig.ts';

const CARD = '/.well-known/agent-card.json';

test('the card says what the agent does and where, to anybody, and can be cached', async () => {
  const skills = [
    { id: 'facts', name: 'Facts', description: 'Knows facts.', tags: ['facts'], examples: undefined },
  ] as const;
  const a2a = { description: 'Answers questions.', version: '2.1.0', skills, inputModes: ['image/png'] } as const;
  await using rig = await openA2A({ a2a, agent: { name: 'oracle' } });

  const first = await fetch(rig.url + CARD);
  const second = await fetch(rig.url + CARD, { headers: { 'if-none-match': first.headers.get('etag')! } });

  expect(await first.json()).toEqual({
    name: 'oracle',
    description: 'Answers questions.',
    version: '2.1.0',
    supportedInterfaces: [{ url: rig.url, protocolBinding: 'HTTP+JSON', protocolVersion: '1.0' }],
    capabilities: { streaming: true, pushNotifications: false, extendedAgentCard: false },
    securitySchemes: { bearer: { httpAuthSecurityScheme: { scheme: 'Bearer' } } },
    securityRequirements: [{ schemes: { bearer: { list: [] } } }],
    defaultInputModes: ['text/plain', 'image/png'],
    defaultOutputModes: ['text/plain'],
    skills,
  });
  expect(first.headers.get('etag')).toMatch(/^"[\w-]{43}"$/);
  expect(first.headers.get('cache-control')).toBe('public, max-age=300');
  expect([second.status, await second.text()]).toEqual([304, '']);
});

test('an agent without a name or skills has a card all the same, with the address that the server is given', async () => {
  await using rig = await openA2A({ a2a: { description: 'Answers.', url: 'https://example.com/oracle' } });

  const card = await (await fetch(rig.url + CARD)).json();

  expect(card).toMatchObject({
    name: 'agent',
    version: '1.0.0',
    defaultInputModes: ['text/plain'],
    supportedInterfaces: [{ url: 'https://example.com/oracle' }],
    skills: [{ id: 'chat', name: 'agent', description: 'Answers.', tags: ['chat'] }],
  });
});

test('each of several agents has its card and its routes under its prefix', async () => {
  const app = Fastify();
  const client = new OpenAIResponsesClient({ model: 'gpt-4.1', apiKey: 'sk-test' });
  await app.register(agentServer, {
    prefix: '/support',
    agent: { client },
    store: memoryStore(),
    identity: { token: TOKEN },
    a2a: { description: 'Helps.' },
  });

  const card = await app.inject({ url: `/support${CARD}`, headers: { host: 'localhost:3000' } });
  const task = await app.inject({
    url: '/support/tasks/none',
    headers: { host: 'localhost', authorization: `Bearer ${TOKEN}`, 'a2a-version': '1.0' },
  });

  expect(card.json()).toMatchObject({ supportedInterfaces: [{ url: 'http://localhost:3000/support' }] });
  expect(task.json()).toMatchObject({ error: { details: [{ reason: 'TASK_NOT_FOUND' }] } });
  await app.close();
});

test('an address that is not one is refused when the server is made', async () => {
  await expect(openA2A({ a2a: { description: 'Answers.', url: '/oracle' } })).rejects.toMatchObject({
    code: 'config_invalid',
    message: 'a2a.url is "/oracle"; write the whole address, as in "https://example.com/support".',
  });
});
