import { MemoryHistory } from '@turnstream/core';
import { PostgresSessions } from '@turnstream/history/postgres';
import pg from 'pg';
import { afterAll, describe, expect, test } from 'vitest';
import { type PostgresClient, postgresStore } from '../../src/store/postgres.ts';
import { storeContract } from './contract.ts';
import { ada, appending, claimed, completed, everything, newRun } from './fixtures.ts';
import { keptRigs, newSchema, openPostgresRig, postgresVersion } from './postgres-rig.ts';
import { openPostgresStore } from './postgres-store.ts';

const version = await postgresVersion();
const LONG_MS = 600_000;
const never = new AbortController().signal;

describe.skipIf(version === null)(`postgres (${version ?? 'none answers'})`, { tags: ['postgres'] }, () => {
  const rigs = keptRigs();
  afterAll(() => rigs[Symbol.asyncDispose]());

  storeContract('postgres', rigs.open, { reach: 'processes' });

  test('after the listening connection breaks, changes arrive again, and missed ones are picked up', async () => {
    await using rig = await openPostgresRig();
    const { store, pool, schema, errors } = rig;
    const claim = await claimed(store);

    const missed = store.runs.changed('whatever', { timeoutMs: LONG_MS, signal: never });
    await pool.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query = $1', [
      `LISTEN ${schema}_changes`,
    ]);
    await missed;
    const heard = store.runs.changed(claim.runId, { timeoutMs: LONG_MS, signal: never });
    await store.runs.requestCancel(claim.runId, ada);

    await expect(heard).resolves.toBeUndefined();
    expect(errors).toEqual([expect.objectContaining({ code: '57P01' })]);
  });

  test('a connection that breaks in a transaction fails only that call', async () => {
    await using rig = await openPostgresRig({
      around: appending(async (history, ...args) => {
        if (breaks) await breakConnection();
        return history.append(...args);
      }),
    });
    const { store, pool } = rig;
    let breaks = true;
    const breakConnection = async (): Promise<void> => {
      await pool.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE state = 'idle in transaction' AND query LIKE $1`,
        [`%${rig.schema}%`],
      );
    };
    const claim = await claimed(store);

    await expect(store.runs.finish(claim, completed())).rejects.toThrow();
    breaks = false;

    expect(await store.runs.events(claim.runId, everything)).toHaveLength(1);
    await expect(store.runs.finish(claim, completed())).resolves.toBeUndefined();
  });

  test('processes that start together on an empty database wait for each other', async () => {
    await using rig = await openPostgresRig();
    await rig.store[Symbol.asyncDispose]();
    await rig.pool.query(`DROP SCHEMA ${rig.schema}, ${rig.schema}_jobs CASCADE`);

    const stores = await Promise.all(Array.from({ length: 4 }, () => rig.reopen()));

    const made = await Promise.all(stores.map((store) => store.runs.create(newRun({ key: 'k' }))));
    expect(new Set(made.map(({ run }) => run.runId)).size).toBe(1);
    expect(rig.errors).toEqual([]);
  });

  test.for(['Upper', '1st', 'a-b', '', 'a'.repeat(46), 'x"; DROP TABLE y; --'])(
    'A schema called %j is refused',
    async (schema) => {
      const history = new MemoryHistory();
      const sessions = (client: PostgresClient) => new PostgresSessions(client);

      const opened = postgresStore({ pool: new pg.Pool(), schema, history: () => history, sessions });

      await expect(opened).rejects.toMatchObject({ name: 'AgentError', code: 'config_invalid' });
    },
  );

  test('tables of another version are refused', async () => {
    const schema = newSchema();
    const { pool, store } = await openPostgresStore(schema);
    await pool.query(`UPDATE ${schema}.server_version SET version = 4`);

    const reopened = openPostgresStore(schema);

    await expect(reopened).rejects.toMatchObject({ name: 'AgentError', code: 'config_invalid' });
    await expect(reopened).rejects.toThrow('have version 4, but this library reads version 3');
    await store[Symbol.asyncDispose]();
    await pool.end();
  });

  test('ready rejects when the database does not answer', async () => {
    await using rig = await openPostgresRig();
    const { pool, store } = await openPostgresStore(rig.schema);

    await store[Symbol.asyncDispose]();
    await pool.end();

    await expect(store.ready()).rejects.toThrow('after calling end on the pool');
  });
});
