// Conversations in Postgres: the turns in one table, whose session is whose in another.
import { Agent, type ChatClient } from '@turnstream/core';
import { migrate, PostgresHistory, type PostgresOptions, PostgresSessions } from '@turnstream/history/postgres';
import type { Pool } from 'pg';
import type { Support } from './open-chat.ts';

export async function postgresSupport(pool: Pool, client: ChatClient, options: PostgresOptions = {}): Promise<Support> {
  await migrate(pool, options);
  const agent = new Agent({
    client,
    instructions: 'You answer customers of a small shop.',
    history: { provider: new PostgresHistory(pool, options), lastTurns: 20 },
  });
  return { agent, sessions: new PostgresSessions(pool, options) };
}

/** What a page lists: the user's conversations, newest last saved first. */
export async function conversationsOf({ sessions }: Support, owner: string): Promise<string[]> {
  const saved = await sessions.list(owner);
  return saved.toSorted((a, b) => b.savedAtMs - a.savedAtMs).map(({ sessionId }) => sessionId);
}
