// What SQLite does for the sessions of a server.
import { DatabaseSync } from 'node:sqlite';
import { AgentSession } from '@turnstream/core';
import { expect, test } from 'vitest';
import { SqliteSessions } from '../src/sqlite.ts';

test('the sessions of an owner are counted in the index alone, and each statement is prepared once', async () => {
  using database = new DatabaseSync(':memory:');
  const prepared: string[] = [];
  const sessions = new SqliteSessions({
    exec: (sql) => database.exec(sql),
    prepare(sql) {
      prepared.push(sql);
      return database.prepare(sql);
    },
  });
  prepared.length = 0;

  for (let saved = 0; saved < 3; saved += 1) {
    await sessions.save(new AgentSession(), { owner: 'ada', ttlMs: 60_000 });
    expect(await sessions.count('ada')).toBe(saved + 1);
  }

  expect(prepared).toEqual([expect.stringContaining('INSERT'), expect.stringContaining('count(*)')]);
  const plan = database.prepare(`EXPLAIN QUERY PLAN ${prepared[1]}`).all();
  expect(plan).toEqual([
    expect.objectContaining({ detail: expect.stringContaining('COVERING INDEX turnstream_sessions_owner') }),
  ]);
});
