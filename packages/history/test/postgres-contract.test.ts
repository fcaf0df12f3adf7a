import { historyContract, sessionStoreContract } from '@turnstream/testkit/contracts';
import { afterAll } from 'vitest';
import { migrate, PostgresSessions } from '../src/postgres.ts';
import { freshName, openPostgres } from './databases.ts';
import { postgresRig } from './postgres-rig.ts';

const server = await openPostgres();
const [client, otherClient] = [server.connect(), server.connect()];

afterAll(() => server.close());

// No second process reaches a PGlite.
const without = server.url === null ? (['otherProcess'] as const) : [];

historyContract(`postgres (${server.name})`, () => postgresRig(server, [client, otherClient], 2), { without });

sessionStoreContract(`postgres (${server.name})`, async () => {
  const schema = freshName();
  await migrate(client, { schema });
  return {
    sessions: new PostgresSessions(client, { schema }),
    reopen: () => new PostgresSessions(otherClient, { schema }),
    async [Symbol.asyncDispose]() {
      await client.query(`DROP SCHEMA ${schema} CASCADE`);
    },
  };
});
