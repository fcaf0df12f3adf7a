// A store by its address, for processes that a test starts: `sqlite <file>` or `postgres <schema>`.
import { flushCompileCache } from 'node:module';
import type { ServerStore } from '../../src/store/run-store.ts';

export async function openStoreAt(address: string): Promise<ServerStore> {
  const store = await storeAt(address);
  // A process that is killed leaves its compiled code to the next one only if it does so before.
  flushCompileCache();
  return store;
}

async function storeAt(address: string): Promise<ServerStore> {
  const [kind, name = ''] = address.split(' ');
  if (kind === 'sqlite') {
    const { openSqliteStore } = await import('./sqlite-rig.ts');
    return openSqliteStore(name).store;
  }
  const { openPostgresStore } = await import('./postgres-store.ts');
  return (await openPostgresStore(name)).store;
}
