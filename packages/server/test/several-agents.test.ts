// Several agents on one server: nothing of one reaches another.

import { background, reply, type ServedModel, type Step, TestClock } from '@turnstream/testkit';
import pg from 'pg';
import { expect, test } from 'vitest';
import { serveAgents as serveOnPostgres } from '../examples/several-agents.ts';
import { ask, type Connection, startRun, streamChat, watchRun } from '../src/client/index.ts';
import { agentOver, modelsOf, names, openDatabases, serveAgents } from './agents-rig.ts';
import { memoryStore, TOKEN } from './app-rig.ts';
import { backEnds, hasPostgres } from './back-ends.ts';
import { newSchema } from './store/postgres-rig.ts';
import { DATABASE_URL } from './store/postgres-store.ts';

for (const backEnd of backEnds) {
  const { name, tags } = backEnd;
  const testOn = test.skipIf(!backEnd.isThere);

  testOn(`${name}: each agent answers its own chats and runs, and keeps them to itself`, { tags }, async () => {
    await using databases = await openDatabases(backEnd);
    await using models = await modelsOf({
      support: [reply('Support one.'), reply('Support two.'), background(reply('Support run.'))],
      sales: [reply('Sales one.'), reply('Sales two.'), background(reply('Sales run.'))],
    });
    await using agents = await serveAgents(models, databases.stores);

    const firsts = await Promise.all(names.map((each) => chat(agents[each])));
    const seconds = await Promise.all(names.map((each, index) => chat(agents[each], firsts[index]!.sessionId)));
    const runs = await Promise.all(names.map((each) => run(agents[each])));

    const answers = [firsts, seconds, runs].map((each) => each.map(({ text }) => text));
    expect(answers).toEqual([
      ['Support one.', 'Sales one.'],
      ['Support two.', 'Sales two.'],
      ['Support run.', 'Sales run.'],
    ]);
    expect(toldBy(models.support)).toEqual(Array(3).fill('Be support.'));
    expect(toldBy(models.sales)).toEqual(Array(3).fill('Be sales.'));
    const ofSupport = [
      `/sessions/${firsts[0]!.sessionId}`,
      `/runs/${runs[0]!.runId}`,
      `/runs/${runs[0]!.runId}/events`,
    ];
    expect(await codes(agents.support, ofSupport)).toEqual(['ok', 'ok', 'ok']);
    expect(await codes(agents.sales, ofSupport)).toEqual(['not_found', 'not_found', 'not_found']);
    await expect(chat(agents.sales, firsts[0]!.sessionId)).rejects.toMatchObject({ code: 'not_found' });
  });

  testOn(`${name}: one Idempotency-Key starts a run of each agent`, { tags }, async () => {
    await using databases = await openDatabases(backEnd);
    await using models = await modelsOf({
      support: [background(reply('Support.'))],
      sales: [background(reply('Sales.'))],
    });
    await using agents = await serveAgents(models, databases.stores);

    const runs = await Promise.all(names.map((each) => run(agents[each], 'order 1')));

    expect(runs.map(({ text }) => text)).toEqual(['Support.', 'Sales.']);
  });

  testOn(`${name}: after a restart each run continues with its own agent`, { tags }, async () => {
    const clock = new TestClock();
    const paced = (words: readonly string[]): Step => background(reply(words, { chunkDelayMs: 150 }), { clock });
    await using databases = await openDatabases(backEnd);
    await using models = await modelsOf({
      support: [paced(['Support ', 'run.'])],
      sales: [paced(['Sales ', 'run.'])],
    });
    const before = await serveAgents(models, databases.stores);
    const started = await Promise.all(names.map((each) => startRun(before[each], { message: 'Report' })));
    await expect.poll(() => names.map((each) => startsAt(models[each]))).toEqual([1, 1]);
    await before.app.close();

    await using after = await serveAgents(models, await databases.reopen());
    const reading = names.map((each, index) => textOf(after[each], started[index]!.runId));
    clock.advance(1_000);

    expect(await Promise.all(reading)).toEqual(['Support run.', 'Sales run.']);
    expect(names.map((each) => startsAt(models[each]))).toEqual([1, 1]);
  });
}

test.skipIf(!hasPostgres)(
  'the example serves each agent under its name, on one pool',
  { tags: ['postgres'] },
  async () => {
    const pool = new pg.Pool({ connectionString: DATABASE_URL });
    await using closing = new AsyncDisposableStack();
    closing.defer(() => pool.end());
    await using models = await modelsOf({ support: [reply('Support.')], sales: [reply('Sales.')] });
    const schemas = names.map(newSchema);
    const agents = Object.fromEntries(names.map((each, index) => [schemas[index], agentOver(models[each], each)]));
    const app = await serveOnPostgres(agents, { pool, identity: { token: TOKEN } });
    closing.defer(() => app.close());
    const url = await app.listen({ host: '127.0.0.1', port: 0 });

    const answers = await Promise.all(schemas.map((schema) => chat({ url: `${url}/${schema}`, token: TOKEN })));

    expect(answers.map(({ text }) => text)).toEqual(['Support.', 'Sales.']);
  },
);

test('a server refuses a second agent on the same store, and says what it needs', async () => {
  const store = memoryStore();
  await using models = await modelsOf({ support: [], sales: [] });

  const serving = serveAgents(models, { support: store, sales: store });

  await expect(serving).rejects.toMatchObject({
    code: 'config_invalid',
    message: expect.stringContaining('another schema on Postgres, another file on SQLite'),
  });
});

test('one agent may have two prefixes, which share its store', async () => {
  const store = memoryStore();
  await using models = await modelsOf({ support: [reply('One.'), reply('Two.')], sales: [] });
  const agent = agentOver(models.support, 'support');
  await using agents = await serveAgents(
    models,
    { support: store, sales: store },
    { support: { agent }, sales: { agent } },
  );

  const { sessionId } = await chat(agents.support);
  const second = await chat(agents.sales, sessionId);

  expect(second).toEqual({ sessionId, text: 'Two.' });
});

test('each agent has its own tokens, request limit, origins and description', async () => {
  const origin = 'https://support.example';
  await using models = await modelsOf({ support: [], sales: [] });
  await using agents = await serveAgents(
    models,
    { support: memoryStore(), sales: memoryStore() },
    {
      support: { cors: { origins: [origin] }, ceilings: { requestsPerMinute: 1 } },
      sales: { identity: { token: 'another-token-for-sales' } },
    },
  );
  const sales = { ...agents.sales, token: 'another-token-for-sales' };

  const atSupport = await codes(agents.support, ['/sessions', '/sessions']);
  const atSales = [...(await codes(agents.sales, ['/sessions'])), ...(await codes(sales, ['/sessions', '/nothing']))];
  const allowed = await Promise.all(names.map((each) => allowedOrigin(agents[each], origin)));
  const described = await Promise.all(names.map((each) => chatPaths(agents[each])));

  expect(atSupport).toEqual(['ok', 'rate_limited']);
  expect(atSales).toEqual(['auth', 'ok', 'not_found']);
  expect(allowed).toEqual([origin, null]);
  expect(described).toEqual([['/support/chat'], ['/sales/chat']]);
});

test('a closing server sends the streams of both agents a last event', async () => {
  const endless = reply(['word ', 'word '], { chunkDelayMs: 60_000 });
  await using models = await modelsOf({ support: [endless], sales: [endless] });
  await using agents = await serveAgents(models, { support: memoryStore(), sales: memoryStore() });
  const streams = names.map((each) => streamChat({ ...agents[each], message: 'Talk' })[Symbol.asyncIterator]());
  // The session event, and a word that shows that the model is at it.
  for (const stream of streams) for (let count = 0; count < 2; count += 1) await stream.next();

  const closing = agents.app.close();
  const ends = await Promise.all(streams.map(endOf));
  await closing;

  expect(ends).toEqual(['server_stopping', 'server_stopping']);
});

async function chat(connection: Connection, sessionId?: string): Promise<{ sessionId: string; text: string }> {
  const response = await ask(connection, '/chat', { method: 'POST', body: { message: 'Hi', sessionId } });
  const answer = (await response.json()) as { sessionId: string; text: string };
  return { sessionId: answer.sessionId, text: answer.text };
}

async function run(connection: Connection, idempotencyKey?: string): Promise<{ runId: string; text: string }> {
  const { runId } = await startRun(connection, { message: 'Report', idempotencyKey });
  return { runId, text: await textOf(connection, runId) };
}

async function textOf(connection: Connection, runId: string): Promise<string> {
  let text = '';
  for await (const { event } of watchRun({ ...connection, runId })) if (event.type === 'update') text += event.text;
  return text;
}

/** How each GET ends. */
async function codes(connection: Connection, paths: readonly string[]): Promise<readonly string[]> {
  const ends: string[] = [];
  for (const path of paths) {
    const response = ask(connection, path).then(({ body }) => body?.cancel());
    ends.push(await response.then(() => 'ok').catch(({ code }: { code: string }) => code));
  }
  return ends;
}

async function endOf(stream: AsyncIterator<unknown>): Promise<string> {
  try {
    while ((await stream.next()).done !== true);
    return 'done';
  } catch (error) {
    return (error as { code: string }).code;
  }
}

async function allowedOrigin({ url }: Connection, origin: string): Promise<string | null> {
  const headers = { origin, 'access-control-request-method': 'POST' };
  const { headers: answered } = await fetch(`${url}/chat`, { method: 'OPTIONS', headers });
  return answered.get('access-control-allow-origin');
}

async function chatPaths({ url }: Connection): Promise<readonly string[]> {
  const { paths } = (await (await fetch(`${url}/openapi.json`)).json()) as { paths: object };
  return Object.keys(paths).filter((path) => path.endsWith('/chat'));
}

function toldBy({ requests }: ServedModel): readonly unknown[] {
  return requests.filter(({ method }) => method === 'POST').map(({ instructions }) => instructions);
}

function startsAt({ requests }: ServedModel): number {
  return requests.filter(({ method }) => method === 'POST').length;
}
