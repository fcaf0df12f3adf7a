// How a second process gets at the storage of a contract suite. The argument is `<kind> <name> <address>`.
// Each store is loaded when it is asked for: a hundred of these processes are started.
import type { HistoryProvider } from '@turnstream/core';

export async function openHistory(argument: string): Promise<HistoryProvider> {
  const [kind = '', name = '', address = ''] = argument.split(' ');
  if (kind === 'file') {
    const { FileHistory } = await import('../src/file.ts');
    return new FileHistory(name, { onTornTail: () => {} });
  }
  if (kind === 'sqlite') {
    const { DatabaseSync } = await import('node:sqlite');
    const { SqliteHistory } = await import('../src/sqlite.ts');
    return new SqliteHistory(new DatabaseSync(name));
  }
  if (kind === 'postgres') {
    const { default: pg } = await import('pg');
    const { PostgresHistory } = await import('../src/postgres.ts');
    return new PostgresHistory(new pg.Pool({ connectionString: address }), { schema: name });
  }
  const { createClient } = await import('redis');
  const { RedisHistory } = await import('../src/redis.ts');
  const client = createClient({ url: address });
  await client.connect();
  return new RedisHistory(client, { prefix: name });
}

export const openHistoryModule: string = import.meta.url;
