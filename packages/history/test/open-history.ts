// How a second process gets at the storage of a contract suite. The argument is `<kind> <name> <address>`.
import { DatabaseSync } from 'node:sqlite';
import type { HistoryProvider } from '@turnstream/core';
import { FileHistory } from '../src/file.ts';
import { PostgresHistory } from '../src/postgres.ts';
import { RedisHistory } from '../src/redis.ts';
import { SqliteHistory } from '../src/sqlite.ts';

export async function openHistory(argument: string): Promise<HistoryProvider> {
  const [kind = '', name = '', address = ''] = argument.split(' ');
  if (kind === 'file') return new FileHistory(name, { onTornTail: () => {} });
  if (kind === 'sqlite') return new SqliteHistory(new DatabaseSync(name));
  if (kind === 'postgres') {
    const { default: pg } = await import('pg');
    return new PostgresHistory(new pg.Pool({ connectionString: address }), { schema: name });
  }
  const { createClient } = await import('redis');
  const client = createClient({ url: address });
  await client.connect();
  return new RedisHistory(client, { prefix: name });
}

export const openHistoryModule: string = import.meta.url;
