import { historyContract, sessionStoreContract } from '@turnstream/testkit/contracts';
import { afterAll } from 'vitest';
import { migrate, PostgresHistory, PostgresSessions } from '../src/postgres.ts';
import { freshName, openPostgres } from './databases.ts';
import { openHistoryModule } from './open-history.ts';

const server = await openPostgres();
const [client, otherClient] = [server.connect(), server.connect()];

afterAll(() => server.close());

// No second process reaches a PGlite.
const without = server.url === null ? (['otherProcess'] as const) : [];

historyContract(
  `postgres (${server.name})`,
  async () => {
    const schema = freshName();
    await migrate(client, { schema });
    return {
      history: new PostgresHistory(client, { schema }),
      reopen: () => new PostgresHistory(otherClient, { schema }),
      async spoil(sessionId) {
        const spoil = `UPDATE ${schema}.turns SET record = 'spoiled' WHERE session_key = $1 AND turn = 2`;
        await client.query(spoil, [sessionId]);
      },
      otherProcess: { module: openHistoryModule, argument: `postgres ${schema} ${server.url}` },
      async [Symbol.asyncDispose]() {
        await client.query(`DROP SCHEMA ${schema} CASCADE`);
      },
    };
  },
  { without },
);

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
