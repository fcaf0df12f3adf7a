// Before and after a test run: its Postgres schemas have names of their own, by which they are dropped when it ends.
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { DATABASE_URL } from './postgres-store.ts';

declare module 'vitest' {
  interface ProvidedContext {
    readonly schemaPrefix: string;
  }
}

const prefix = `turnstream_${crypto.randomUUID().slice(0, 8)}_`;

export function setup({ provide }: TestProject): void {
  provide('schemaPrefix', prefix);
}

export async function teardown(): Promise<void> {
  const client = new pg.Client({ connectionString: DATABASE_URL, connectionTimeoutMillis: 20_000 });
  try {
    await client.connect();
  } catch {
    // Without a Postgres there are no schemas.
    return;
  }
  const { rows } = await client.query<{ name: string }>(
    'SELECT nspname AS name FROM pg_namespace WHERE starts_with(nspname, $1)',
    [prefix],
  );
  for (const { name } of rows) await client.query(`DROP SCHEMA ${name} CASCADE`);
  await client.end();
}
