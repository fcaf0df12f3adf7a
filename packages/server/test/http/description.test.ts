// What the server says of itself: its routes in OpenAPI, its health, and where an application mounts it.

import { DatabaseSync } from 'node:sqlite';
import { SqliteHistory, SqliteSessions } from '@turnstream/history/sqlite';
import { reply } from '@turnstream/testkit';
import Fastify from 'fastify';
import { afterEach, expect, test, vi } from 'vitest';
import { agentServer } from '../../src/plugin.ts';
import { sqliteStore } from '../../src/store/sqlite.ts';
import { openRig } from '../app-rig.ts';
import { sharedRig } from '../shared-rig.ts';

afterEach(() => void vi.useRealTimers());

const described = sharedRig();

const RUN = [
  'runId',
  'sessionId',
  'state',
  'message',
  'text',
  'approvals',
  'askedAtMs',
  'end',
  'createdAtMs',
  'endedAtMs',
];

interface Answer {
  readonly content: { readonly 'application/json': { readonly schema: { readonly properties: object } } };
}

interface Operation {
  readonly responses: Readonly<Record<string, Answer>>;
}

const membersOf = ({ content }: Answer): readonly string[] =>
  Object.keys(content['application/json'].schema.properties);

interface Description {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

test('the description names every route, with its schemas', async () => {
  const response = await fetch(`${described().url}/openapi.json`);

  const { openapi, paths } = (await response.json()) as Description;
  const routes = Object.entries(paths).flatMap(([path, verbs]) => Object.keys(verbs).map((verb) => `${verb} ${path}`));
  expect(openapi).toBe('3.1.0');
  expect(routes.toSorted()).toEqual([
    'delete /sessions/{id}',
    'get /healthz',
    'get /readyz',
    'get /runs',
    'get /runs/{id}',
    'get /runs/{id}/events',
    'get /sessions',
    'get /sessions/{id}',
    'post /chat',
    'post /chat/stream',
    'post /runs',
    'post /runs/{id}/approvals',
    'post /runs/{id}/cancel',
    'post /sessions/{id}/rewind',
  ]);
  expect(JSON.stringify(paths['/chat'])).toContain('"maxLength":8000');
});

test.each([
  ['/chat', 'post', '200', ['sessionId', 'text', 'status', 'finishReason', 'usage', 'approvals']],
  ['/runs', 'post', '202', RUN],
  ['/runs', 'get', '200', ['runs']],
  ['/runs/{id}', 'get', '200', RUN],
  ['/runs/{id}/approvals', 'post', '202', RUN],
  ['/runs/{id}/cancel', 'post', '200', RUN],
  ['/runs/{id}/cancel', 'post', '202', RUN],
  ['/sessions', 'get', '200', ['sessions']],
  ['/sessions/{id}', 'get', '200', ['sessionId', 'messages', 'approvals']],
  ['/sessions/{id}/rewind', 'post', '200', ['toTurn']],
])('%s describes the answer to %s with status %s, and its errors', async (path, verb, status, members) => {
  const { paths } = (await (await fetch(`${described().url}/openapi.json`)).json()) as Description;

  const { responses } = paths[path]![verb] as Operation;
  expect(membersOf(responses[status]!)).toEqual(members);
  for (const failed of ['4XX', '5XX']) expect(membersOf(responses[failed]!)).toEqual(['error']);
});

test('health is one word, and a failed readiness check says when to retry', async () => {
  await using rig = await openRig();
  const healthy = await (await fetch(`${rig.url}/healthz`)).json();
  const ready = await (await fetch(`${rig.url}/readyz`)).json();
  vi.spyOn(rig.store, 'ready').mockRejectedValue(new Error('the database is away'));
  vi.spyOn(performance, 'now').mockReturnValue(Number.MAX_SAFE_INTEGER);

  const not = await fetch(`${rig.url}/readyz`);

  expect([healthy, ready]).toEqual([{ status: 'ok' }, { status: 'ready' }]);
  expect([not.status, not.headers.get('retry-after')]).toEqual([503, '2']);
  expect(await not.json()).toMatchObject({ error: { code: 'overloaded', message: 'The database does not answer.' } });
  expect(rig.log.filter((line) => line.includes('"msg":"not ready"'))).toHaveLength(1);
});

test('health needs no token, and readiness fails a second after the database goes down', async () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  const database = new DatabaseSync(':memory:');
  const store = sqliteStore({ database, history: new SqliteHistory(database), sessions: new SqliteSessions(database) });
  await using rig = await openRig({ api: 'chat_completions', store });
  const before = await Promise.all(['/healthz', '/readyz'].map(async (path) => (await fetch(rig.url + path)).status));

  database.close();
  vi.advanceTimersByTime(1_000);

  const after = await Promise.all(['/healthz', '/readyz'].map(async (path) => (await fetch(rig.url + path)).status));
  expect([before, after]).toEqual([
    [200, 200],
    [200, 503],
  ]);
});

test('an application mounts the agent under a prefix of its own and keeps its own routes', async () => {
  await using rig = await openRig({ steps: [reply('Hi.')] });
  const app = Fastify();
  app.get('/own', async () => 'own');
  await app.register(agentServer, {
    prefix: '/agent',
    agent: { client: rig.client },
    store: rig.store,
    identity: { authenticate: () => 'ann' },
  });

  const own = await app.inject('/own');
  const answer = await app.inject({ method: 'POST', url: '/agent/chat', payload: { message: 'Hi' } });

  expect([own.body, answer.json().text]).toEqual(['own', 'Hi.']);
  await app.close();
});
