// docs/recipes/postgres-sessions.md: what one process stores, another one continues, for its owner alone.
import { reply } from '@turnstream/testkit';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openChat } from '../../src/recipes/open-chat.ts';
import { conversationsOf, postgresSupport } from '../../src/recipes/postgres.ts';
import { scripted } from './scripted.ts';

const connectionString = process.env['DATABASE_URL'] || 'postgres://postgres@127.0.0.1:5432/test';
const schema = 'recipe_sessions';
const pool = new pg.Pool({ connectionString, connectionTimeoutMillis: 2_000 });
const isThere = await pool.query('SELECT 1').then(
  () => true,
  () => false,
);

describe.skipIf(!isThere)('on Postgres', { tags: ['postgres'] }, () => {
  const empty = (): Promise<unknown> => pool.query(`DROP SCHEMA IF EXISTS ${schema} CASCADE`);
  beforeAll(empty);
  afterAll(empty);

  test('another process continues the conversation, and only for its owner', async () => {
    await using service = await scripted(reply('Packed.'), reply('Tomorrow.'));
    const morning = await postgresSupport(pool, service.client, { schema });
    const first = (await openChat(morning, 'ann', { message: 'Where is order 7?' }))!;
    await morning.agent.run(first.message, { session: first.session });
    const evening = await postgresSupport(pool, service.client, { schema });

    const { sessionId } = first.session;
    const second = (await openChat(evening, 'ann', { message: 'When?', sessionId }))!;
    await evening.agent.run(second.message, { session: second.session });

    expect(service.model.requests[1]!.texts).toEqual(['Where is order 7?', 'Packed.', 'When?']);
    expect(await openChat(evening, 'eve', { message: 'When?', sessionId })).toBeNull();
    expect(await conversationsOf(evening, 'ann')).toEqual([sessionId]);
  });
});

afterAll(() => pool.end());
