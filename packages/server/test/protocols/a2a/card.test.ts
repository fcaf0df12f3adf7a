// The agent card.
import { expect, test } from 'vitest';
import { openA2A } from './rig.ts';

const CARD = '/.well-known/agent-card.json';

test('the card says what the agent does and where, to anybody, and can be cached', async () => {
  const skills = [{ id: 'facts', name: 'Facts', description: 'Knows facts.', tags: ['facts'] }] as const;
  const a2a = { description: 'Answers questions.', version: '2.1.0', skills } as const;
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
    defaultInputModes: ['text/plain'],
    defaultOutputModes: ['text/plain'],
    skills,
  });
  expect(first.headers.get('cache-control')).toBe('public, max-age=300');
  expect([second.status, await second.text()]).toEqual([304, '']);
});

test('an agent without a name or skills has a card all the same, with the address that the server is given', async () => {
  await using rig = await openA2A({ a2a: { description: 'Answers.', url: 'https://example.com/oracle' } });

  const card = await (await fetch(rig.url + CARD)).json();

  expect(card).toMatchObject({
    name: 'agent',
    version: '1.0.0',
    supportedInterfaces: [{ url: 'https://example.com/oracle' }],
    skills: [{ id: 'chat', name: 'agent', description: 'Answers.', tags: ['chat'] }],
  });
});

test('an address that is not one is refused when the server is made', async () => {
  await expect(openA2A({ a2a: { description: 'Answers.', url: '/oracle' } })).rejects.toMatchObject({
    code: 'config_invalid',
    message: expect.stringContaining('a2a.url is "/oracle"'),
  });
});
