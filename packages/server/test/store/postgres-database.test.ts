// Announcements on Postgres: after the commit, so that transactions of all processes need not wait for each other's disk.
import { expect, test } from 'vitest';
import type { Transaction } from '../../src/store/database.ts';
import { PostgresDatabase, type PostgresPool, type PostgresPoolClient } from '../../src/store/postgres-database.ts';

const announcing = async ({ run, push, announce }: Transaction): Promise<string> => {
  await run('UPDATE runs', []);
  await announce('run 1');
  await announce('run 1');
  await push('run', { runId: 'run 2', ownerKey: 'ada' });
  return 'done';
};

test('what a transaction announces is sent once, in one statement, after its commit', async () => {
  const { database, sent } = recorded();

  const result = await database.transaction(announcing);

  expect(result).toBe('done');
  expect(sent).toEqual([
    ['BEGIN ISOLATION LEVEL READ COMMITTED'],
    ['UPDATE runs'],
    ['COMMIT'],
    [expect.stringContaining('pg_notify'), 'turnstream_changes', ['run 1', 'jobs: run']],
  ]);
});

test('a transaction that is rolled back, or changes nothing for anybody, announces nothing', async () => {
  const { database, sent } = recorded();

  await database.transaction(async ({ run }) => run('SELECT 1', []));
  const undone = database.transaction(async (transaction) => {
    await announcing(transaction);
    throw new Error('undone');
  });

  await expect(undone).rejects.toThrow('undone');
  expect(sent.flat().filter((sql) => String(sql).includes('pg_notify'))).toEqual([]);
});

test('a committed transaction resolves even if its announcement cannot be sent', async () => {
  const { database } = recorded({ fails: 'pg_notify' });

  const result = database.transaction(announcing);

  await expect(result).resolves.toBe('done');
});

/** A database whose statements are recorded with their values. Those with the text in `fails` are rejected. */
function recorded({ fails = 'nothing' }: { readonly fails?: string } = {}): {
  readonly database: PostgresDatabase;
  readonly sent: readonly unknown[][];
} {
  const sent: unknown[][] = [];
  const query = async (sql: string, values: readonly unknown[] = []): Promise<{ rows: unknown[] }> => {
    sent.push([sql, ...values]);
    if (sql.includes(fails)) throw new Error('The connection is broken.');
    return { rows: [] };
  };
  const client = { query, on: () => {}, off: () => {}, release: () => {} } satisfies PostgresPoolClient;
  const pool: PostgresPool = { query, connect: async () => client };
  const database = new PostgresDatabase(pool, 'turnstream', {
    stores: () => ({}) as Pick<Transaction, 'history' | 'sessions'>,
    push: async () => {},
    hasten: async () => {},
  });
  return { database, sent };
}
