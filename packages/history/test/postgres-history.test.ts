import { type Message } from '@turnstream/core';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { migrate, type PostgresClient, PostgresHistory, PostgresSessions } from '../src/postgres.ts';
import { freshName, openPostgres } from './databases.ts';

const server = await openPostgres();
const client = server.connect();
const schema = freshName();

beforeAll(() => migrate(client, { schema }));
afterAll(async () => {
  await client.query(`DROP SCHEMA ${schema} CASCADE`);
  await server.close();
});

const turn = (text: string): readonly Message[] => [{ role: 'user', contents: text }];

/** A name for a schema that is gone when the test is over. */
function droppedName(): string {
  const name = freshName();
  onTestFinished(() => client.query(`DROP SCHEMA IF EXISTS ${name} CASCADE`).then(() => {}));
  return name;
}

/** The tables as version 0.1 made them, with two turns. */
function tablesOf01(name: string): string {
  const record = (number: number, text: string): string =>
    `'{"format":1,"turn":${number},"messages":[{"role":"user","contents":"${text}"}]}'`;
  return `DO $$ BEGIN
    CREATE SCHEMA ${name};
    CREATE TABLE ${name}.schema_version (version integer NOT NULL);
    INSERT INTO ${name}.schema_version VALUES (1);
    CREATE TABLE ${name}.histories (session_key text COLLATE "C" PRIMARY KEY, version integer NOT NULL);
    CREATE TABLE ${name}.turns (
      session_key text COLLATE "C" NOT NULL REFERENCES ${name}.histories ON DELETE CASCADE,
      turn integer NOT NULL, record text NOT NULL, PRIMARY KEY (session_key, turn)
    );
    CREATE TABLE ${name}.sessions (
      session_key text COLLATE "C" PRIMARY KEY, owner_key text COLLATE "C" NOT NULL, version integer NOT NULL,
      expires_at_ms bigint, record text NOT NULL
    );
    INSERT INTO ${name}.histories VALUES ('s', 2);
    INSERT INTO ${name}.turns VALUES ('s', 1, ${record(1, 'A')}), ('s', 2, ${record(2, 'B')});
  END $$`;
}

/** The client, and the statements that went through it. */
function recording(): PostgresClient & { readonly asked: { sql: string; values: unknown[] }[] } {
  const asked: { sql: string; values: unknown[] }[] = [];
  return {
    asked,
    query(sql, values = []) {
      asked.push({ sql, values });
      return client.query(sql, values);
    },
  };
}

test('a turn is a row that SQL can read, U+0000 included', async () => {
  const history = new PostgresHistory(client, { schema });

  await history.append({ sessionId: 'User 42' }, turn('A\0B\ud800'), 0);

  const { rows } = await client.query(`SELECT * FROM ${schema}.turns WHERE session_key = $1`, ['User%002042']);
  expect(rows).toEqual([
    {
      session_key: 'User%002042',
      turn: 1,
      record: String.raw`{"format":1,"turn":1,"messages":[{"role":"user","contents":"A\u0000B\ud800"}]}`,
    },
  ]);
  await expect(client.query(`SELECT $1::text`, ['A\0B'])).rejects.toThrow(/0x00/);
});

test('the last 20 turns of 10,000 are read by the index, and no row more', async () => {
  const sessionId = 'long';
  await client.query(`INSERT INTO ${schema}.histories VALUES ($1, 10000)`, [sessionId]);
  await client.query(
    `INSERT INTO ${schema}.turns SELECT $1, n, '{"format":1,"turn":' || n || ',"messages":[]}' FROM generate_series(1, 10000) n`,
    [sessionId],
  );
  await client.query(`ANALYZE ${schema}.turns`);
  const recorded = recording();
  await new PostgresHistory(recorded, { schema }).load({ sessionId }, { lastTurns: 20 });

  const [{ sql, values } = { sql: '', values: [] }] = recorded.asked;
  const { rows } = await client.query(`EXPLAIN (ANALYZE, FORMAT JSON) ${sql}`, values);

  const scans = scansOf((rows[0] as { 'QUERY PLAN': PlanNode[] })['QUERY PLAN']);
  expect(scans.filter((scan) => scan['Relation Name'] === 'turns')).toEqual([
    expect.objectContaining({ 'Node Type': 'Index Scan', 'Scan Direction': 'Backward', 'Actual Rows': 20 }),
  ]);
});

test('migrate can run many times, and many times at once', async () => {
  const fresh = droppedName();

  await Promise.all(Array.from({ length: 5 }, () => migrate(client, { schema: fresh })));
  await migrate(client, { schema: fresh });

  const { rows } = await client.query(`SELECT version FROM ${fresh}.schema_version`);
  expect(rows).toEqual([{ version: 2 }]);
});

test('tables of version 0.1 are upgraded, and their turns can be read, added to and truncated', async () => {
  const old = droppedName();
  await client.query(tablesOf01(old));
  const history = new PostgresHistory(client, { schema: old });
  const early = history.load({ sessionId: 's' });
  await expect(early).rejects.toMatchObject({ code: 'config_invalid', message: expect.stringContaining('migrate()') });

  await Promise.all([migrate(client, { schema: old }), migrate(client, { schema: old })]);
  const loaded = await history.load({ sessionId: 's' });
  await history.append({ sessionId: 's' }, turn('C'), 2);
  await history.truncate({ sessionId: 's' }, 1, 3);

  expect(loaded).toMatchObject({ turns: [turn('A'), turn('B')], turnCount: 2, version: 2 });
  expect(await history.load({ sessionId: 's' })).toMatchObject({ turns: [turn('A')], turnCount: 1, version: 4 });
});

test('a process of version 0.1 that is still running can append to a truncated history', async () => {
  const history = new PostgresHistory(client, { schema });
  for (const [version, text] of ['A', 'B'].entries())
    await history.append({ sessionId: 'shared' }, turn(text), version);
  await history.truncate({ sessionId: 'shared' }, 1, 2);
  const record = '{"format":1,"turn":2,"messages":[{"role":"user","contents":"old"}]}';
  const appendOf01 = `WITH head AS (
      UPDATE ${schema}.histories SET version = version + 1
      WHERE session_key = $1::text AND version = $3::integer RETURNING session_key, version
    ) INSERT INTO ${schema}.turns (session_key, turn, record)
    SELECT session_key, version, $2::text FROM head RETURNING turn`;

  await client.query(appendOf01, ['shared', record, 1]);

  expect(await history.load({ sessionId: 'shared' })).toMatchObject({ turns: [turn('A'), turn('old')], version: 4 });
});

test('tables that a newer library made are refused', async () => {
  const newer = droppedName();
  await migrate(client, { schema: newer });
  await client.query(`UPDATE ${newer}.schema_version SET version = 3`);

  const again = migrate(client, { schema: newer });

  await expect(again).rejects.toMatchObject({ code: 'config_invalid', message: expect.stringContaining('version 3') });
});

test('without its tables a store says to run migrate', async () => {
  const missing = { schema: freshName() };
  const [history, sessions] = [new PostgresHistory(client, missing), new PostgresSessions(client, missing)];

  const attempts = await Promise.allSettled([
    history.load({ sessionId: 's' }),
    history.append({ sessionId: 's' }, turn('A'), 0),
    sessions.open('s', { owner: 'ann' }),
  ]);

  for (const attempt of attempts)
    expect(attempt).toMatchObject({
      reason: { code: 'config_invalid', message: expect.stringContaining('migrate()') },
    });
});

test.each(['', 'A', '1a', 'a-b', 'a"; DROP SCHEMA public; --', 'x'.repeat(64)])('%j is not a schema name', (name) => {
  const make = (): unknown => new PostgresHistory(client, { schema: name });

  expect(make).toThrow(expect.objectContaining({ code: 'config_invalid' }));
});

test.each([
  ['in the middle', 'turn = 2'],
  ['at the end', 'turn = 3'],
  ['at the start', 'turn = 1'],
  ['everywhere', 'true'],
])('a row that is missing %s is an error and not a shorter history', async (where, condition) => {
  const history = new PostgresHistory(client, { schema });
  const sessionId = `missing ${where}`;
  for (const [version, text] of ['A', 'B', 'C'].entries()) await history.append({ sessionId }, turn(text), version);
  const key = sessionId.replaceAll(' ', '%0020');
  await client.query(`DELETE FROM ${schema}.turns WHERE session_key = $1 AND ${condition}`, [key]);

  const load = history.load({ sessionId });

  await expect(load).rejects.toMatchObject({ code: 'history_corrupt', message: expect.stringContaining(sessionId) });
});

test('clears that race with appends leave nothing behind that is in the way of the next turn', async () => {
  const history = new PostgresHistory(client, { schema });
  const session = { sessionId: 'raced' };

  for (let round = 0; round < 30; round += 1) {
    const { version } = await history.load(session);
    const [, cleared] = await Promise.allSettled([
      history.append(session, turn('A'), version),
      history.clear(session),
      history.append(session, turn('B'), version),
      history.append(session, turn('C'), 0),
    ]);
    const { messages, version: after } = await history.load(session);
    expect(cleared.status).toBe('fulfilled');
    expect(messages).toHaveLength(after);
    await history.append(session, turn('next'), after);
  }
});

interface PlanNode {
  readonly [name: string]: unknown;
  readonly Plan?: PlanNode;
  readonly Plans?: PlanNode[];
}

/** The nodes of a plan that read a table. */
function scansOf(nodes: readonly PlanNode[]): PlanNode[] {
  return nodes.flatMap((node) => [
    ...('Relation Name' in node ? [node] : []),
    ...scansOf([...(node.Plan === undefined ? [] : [node.Plan]), ...(node.Plans ?? [])]),
  ]);
}
