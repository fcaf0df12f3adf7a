// A Postgres history for the contract suites, in a schema of its own.
import type { HistoryRig } from '@turnstream/testkit/contracts';
import { migrate, type PostgresClient, PostgresHistory } from '../src/postgres.ts';
import { freshName, type PostgresServer } from './databases.ts';
import { openHistoryModule } from './open-history.ts';

/** Reopened on the second client, as in another process. */
export type PostgresClients = readonly [client: PostgresClient, other: PostgresClient];

export async function postgresRig(
  { url }: PostgresServer,
  [client, otherClient]: PostgresClients,
  kills: number,
): Promise<HistoryRig> {
  const schema = freshName();
  await migrate(client, { schema });
  return {
    history: new PostgresHistory(client, { schema }),
    reopen: () => new PostgresHistory(otherClient, { schema }),
    async spoil(sessionId) {
      const spoil = `UPDATE ${schema}.turns SET record = 'spoiled' WHERE session_key = $1 AND turn = 2`;
      await client.query(spoil, [sessionId]);
    },
    otherProcess: { module: openHistoryModule, argument: `postgres ${schema} ${url}`, kills },
    async [Symbol.asyncDispose]() {
      await client.query(`DROP SCHEMA ${schema} CASCADE`);
    },
  };
}
