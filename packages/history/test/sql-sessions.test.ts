// What sessions in SQL databases offer beyond the contract: those that were used last, how many an owner has, and the ids of those that have expired.
import { DatabaseSync } from 'node:sqlite';
import { AgentSession, type SessionStore } from '@turnstream/core';
import { afterAll, afterEach, expect, test, vi } from 'vitest';
import { migrate, PostgresSessions } from '../src/postgres.ts';
import { SqliteSessions } from '../src/sqlite.ts';
import { freshName, openPostgres } from './databases.ts';

const server = await openPostgres();
const client = server.connect();
const schemas: string[] = [];

afterEach(() => void vi.useRealTimers());

afterAll(async () => {
  for (const schema of schemas) await client.query(`DROP SCHEMA ${schema} CASCADE`);
  await server.close();
});

const openers = {
  SQLite: async () => new SqliteSessions(new DatabaseSync(':memory:')),
  Postgres: async () => {
    const schema = freshName();
    schemas.push(schema);
    await migrate(client, { schema });
    return new PostgresSessions(client, { schema });
  },
};

for (const [name, open] of Object.entries(openers)) {
  test(`${name}: lists the sessions that were saved last first, and each once, whatever is saved or deleted meanwhile`, async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const sessions = await open();
    await saveAll(sessions, ['oldest'], { owner: 'ann' });
    vi.setSystemTime(Date.now() + 1);
    await saveAll(sessions, ['of bob'], { owner: 'bob' });
    await saveAll(sessions, ['same 1', 'same 2', 'same 3'], { owner: 'ann' });
    vi.setSystemTime(Date.now() + 1);
    await saveAll(sessions, ['last'], { owner: 'ann' });
    await saveAll(sessions, ['expires'], { owner: 'ann', ttlMs: 1 });
    vi.setSystemTime(Date.now() + 1);
    const all = await sessions.latest('ann', { limit: 9 });

    const first = await sessions.latest('ann', { limit: 2 });
    await sessions.delete(first[1]!.sessionId, { owner: 'ann' });
    const rest = await sessions.latest('ann', { limit: 9, after: first[1]! });

    const ids = all.map(({ sessionId }) => sessionId);
    expect([ids.at(0), ids.slice(1, 4).toSorted(), ids.at(-1)]).toEqual([
      'last',
      ['same 1', 'same 2', 'same 3'],
      'oldest',
    ]);
    expect(ids).toHaveLength(5);
    expect([...first, ...rest]).toEqual(all);
  });

  test(`${name}: counts the sessions of an owner, without expired ones`, async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const sessions = await open();
    await saveAll(sessions, ['a', 'b'], { owner: 'ann' });
    await saveAll(sessions, ['c'], { owner: 'ann', ttlMs: 1_000 });
    await saveAll(sessions, ['d'], { owner: 'bob' });

    const before = await sessions.count('ann');
    vi.setSystemTime(Date.now() + 1_000);
    const after = await sessions.count('ann');

    expect([before, after, await sessions.count('eve')]).toEqual([3, 2, 0]);
  });

  test(`${name}: deletes expired sessions of all owners, a few at a time, and says which`, async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const sessions = await open();
    const ids = ['plain', '%\u0000', 'ä', 'long '.repeat(100)];
    await saveAll(sessions, ids, { owner: 'ann', ttlMs: 1_000 });
    await saveAll(sessions, ['later'], { owner: 'bob', ttlMs: 1_001 });
    await saveAll(sessions, ['never'], { owner: 'bob' });

    const early = await sessions.deleteExpired(100);
    vi.setSystemTime(Date.now() + 1_000);
    const some = await sessions.deleteExpired(2);
    const rest = await sessions.deleteExpired(100);

    expect([early.length, some.length]).toEqual([0, 2]);
    expect([...some, ...rest].toSorted()).toEqual(ids.toSorted());
    expect(await sessions.deleteExpired(100)).toEqual([]);
    expect((await sessions.list('bob')).map(({ sessionId }) => sessionId)).toEqual(['later', 'never']);
  });

  test.each([0, -1, 1.5, NaN, 2 ** 53])(`${name}: a limit of %d is refused`, async (limit) => {
    const sessions = await open();
    await saveAll(sessions, ['old'], { owner: 'ann', ttlMs: 1 });

    const refused = await Promise.allSettled([sessions.latest('ann', { limit }), sessions.deleteExpired(limit)]);

    const error = { code: 'input_invalid', message: `limit is ${limit}; it must be a whole number of at least 1.` };
    for (const each of refused) expect(each).toMatchObject({ status: 'rejected', reason: error });
  });

  test(`${name}: an expired session stays until it is deleted, so that its turns can be deleted too`, async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const sessions = await open();
    await saveAll(sessions, ['old'], { owner: 'ann', ttlMs: 1_000 });
    vi.setSystemTime(Date.now() + 1_000);

    await saveAll(sessions, ['new'], { owner: 'bob' });

    expect(await sessions.deleteExpired(100)).toEqual(['old']);
  });
}

async function saveAll(
  sessions: SessionStore,
  ids: readonly string[],
  options: { readonly owner: string; readonly ttlMs?: number },
): Promise<void> {
  for (const sessionId of ids) await sessions.save(new AgentSession({ sessionId }), options);
}
