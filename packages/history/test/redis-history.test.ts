import { AgentSession, type Message } from '@turnstream/core';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { type RedisClient, RedisHistory, RedisSessions } from '../src/redis.ts';
import { freshName, openRedis } from './databases.ts';

const server = await openRedis();
const client = await server?.connect();
const prefix = freshName();

afterAll(async () => {
  await server?.forget(prefix);
  await server?.close();
});

const turn = (text: string): readonly Message[] => [{ role: 'user', contents: text }];
const nowhere: RedisClient = { eval: () => Promise.reject(new Error('asked')) };

describe.skipIf(server === null)('on Redis', { tags: ['redis'] }, () => {
  test('a conversation is one list, and the id in its key chooses the slot of a cluster', async () => {
    const history = new RedisHistory(client!, { prefix });

    await history.append({ sessionId: 'a}{b' }, turn('A'), 0);
    await history.append({ sessionId: 'a}{b' }, turn('B'), 1);

    const key = `${prefix}:{a%007d%007bb}:turns`;
    expect(await client!.eval("return redis.call('LRANGE', KEYS[1], 0, -1)", { keys: [key], arguments: [] })).toEqual([
      '{"format":1,"turn":1,"messages":[{"role":"user","contents":"A"}]}',
      '{"format":1,"turn":2,"messages":[{"role":"user","contents":"B"}]}',
    ]);
  });

  test('the keys of each statement share a slot, as a cluster requires', async () => {
    const keys: string[][] = [];
    const recording: RedisClient = {
      eval(script, options) {
        keys.push(options.keys);
        return client!.eval(script, options);
      },
    };
    const [history, sessions] = [new RedisHistory(recording, { prefix }), new RedisSessions(recording, { prefix })];

    await history.append({ sessionId: 'one' }, turn('A'), 0);
    await history.load({ sessionId: 'one' });
    await history.truncate({ sessionId: 'one' }, 0, 1);
    await history.clear({ sessionId: 'one' });
    await sessions.save(new AgentSession({ sessionId: 'one' }), { owner: 'eve' });
    await sessions.list('eve');
    await sessions.delete('one', { owner: 'eve' });

    expect(new Set(keys.map(String))).toEqual(
      new Set([`${prefix}:{one}:turns,${prefix}:{one}:ahead`, `${prefix}:{one}:session`, `${prefix}:{eve}:sessions`]),
    );
  });

  test('a truncate shortens the list and stores the version beside it, and a clear deletes both', async () => {
    const history = new RedisHistory(client!, { prefix });
    const keys = [`${prefix}:{cut}:turns`, `${prefix}:{cut}:ahead`];
    const stored = (): Promise<unknown> =>
      client!.eval("return {redis.call('LRANGE', KEYS[1], 0, -1), redis.call('GET', KEYS[2])}", {
        keys,
        arguments: [],
      });
    for (const [version, text] of ['A', 'B', 'C'].entries())
      await history.append({ sessionId: 'cut' }, turn(text), version);

    await history.truncate({ sessionId: 'cut' }, 1, 3);
    await history.append({ sessionId: 'cut' }, turn('D'), 4);
    const afterTruncate = await stored();
    await history.clear({ sessionId: 'cut' });

    expect(afterTruncate).toEqual([
      [
        '{"format":1,"turn":1,"messages":[{"role":"user","contents":"A"}]}',
        '{"format":1,"turn":2,"messages":[{"role":"user","contents":"D"}]}',
      ],
      '3',
    ]);
    expect(await stored()).toEqual([[], null]);
  });

  test('what a truncate stores expires together with the turns, or never if they never do', async () => {
    const history = new RedisHistory(client!, { prefix, ttlMs: 60_000 });
    const keys = [`${prefix}:{brief}:turns`, `${prefix}:{brief}:ahead`] as const;
    const left = (): Promise<number[]> => Promise.all(keys.map((key) => client!.pTTL(key)));
    await history.append({ sessionId: 'brief' }, turn('A'), 0);
    await history.append({ sessionId: 'brief' }, turn('B'), 1);
    await client!.eval("return redis.call('PEXPIRE', KEYS[1], 50000)", { keys: [keys[0]], arguments: [] });

    await history.truncate({ sessionId: 'brief' }, 1, 2);
    const truncated = await left();
    await history.append({ sessionId: 'brief' }, turn('C'), 3);
    const appended = await left();
    await history.truncate({ sessionId: 'brief' }, 0, 4);
    await new RedisHistory(client!, { prefix }).append({ sessionId: 'brief' }, turn('D'), 5);

    for (const ms of truncated) expect(ms).toBeGreaterThan(40_000);
    for (const ms of truncated) expect(ms).toBeLessThanOrEqual(50_000);
    for (const ms of appended) expect(ms).toBeGreaterThan(50_000);
    expect(await left()).toEqual([-1, -1]);
  });

  test('with a time to live each append sets it anew, without one a conversation stays', async () => {
    const history = new RedisHistory(client!, { prefix, ttlMs: 60_000 });
    const key = `${prefix}:{ttl}:turns`;
    await history.append({ sessionId: 'ttl' }, turn('A'), 0);
    await client!.eval("return redis.call('PEXPIRE', KEYS[1], 5000)", { keys: [key], arguments: [] });

    await history.append({ sessionId: 'ttl' }, turn('B'), 1);
    await new RedisHistory(client!, { prefix }).append({ sessionId: 'stays' }, turn('A'), 0);

    expect(await client!.pTTL(key)).toBeGreaterThan(50_000);
    expect(await client!.pTTL(`${prefix}:{stays}:turns`)).toBe(-1);
  });

  test('a session that has expired leaves the index when a listing comes upon it', async () => {
    const sessions = new RedisSessions(client!, { prefix });
    await sessions.save(new AgentSession({ sessionId: 'brief' }), { owner: 'ann', ttlMs: 1 });
    await sessions.save(new AgentSession({ sessionId: 'stays' }), { owner: 'ann' });
    await vi.waitFor(async () => expect(await sessions.open('brief', { owner: 'ann' })).toBeNull());

    const listed = await sessions.list('ann', { limit: 1 });

    const members = "return redis.call('ZRANGE', KEYS[1], 0, -1)";
    expect(listed).toMatchObject([{ sessionId: 'stays' }]);
    expect(await client!.eval(members, { keys: [`${prefix}:{ann}:sessions`], arguments: [] })).toEqual(['stays']);
  });

  test.each([
    ['a listing finds that it has expired', (store: RedisSessions) => store.list('again')],
    ['it is deleted', (store: RedisSessions) => store.delete('kept', { owner: 'again' })],
  ])('a session that is saved again while %s stays listed', async (_, find) => {
    const sessions = new RedisSessions(client!, { prefix });
    const ids = ['brief', 'kept'];
    await sessions.save(new AgentSession({ sessionId: 'brief' }), { owner: 'again', ttlMs: 1 });
    await sessions.save(new AgentSession({ sessionId: 'kept' }), { owner: 'again' });
    await vi.waitFor(async () => expect(await sessions.open('brief', { owner: 'again' })).toBeNull());
    const saveMissing = async (): Promise<void> => {
      for (const sessionId of ids)
        await sessions.save(new AgentSession({ sessionId }), { owner: 'again' }).catch(() => {});
    };
    const slow: RedisClient = {
      async eval(script, options) {
        if (script.includes('ZREM')) await saveMissing();
        return client!.eval(script, options);
      },
    };

    await find(new RedisSessions(slow, { prefix }));

    expect((await sessions.list('again')).map(({ sessionId }) => sessionId)).toEqual(ids);
    for (const sessionId of ids) await sessions.delete(sessionId, { owner: 'again' });
  });
});

test.each(['', 'a{', '}'])('%j is not a prefix', (name) => {
  const make = (): unknown => new RedisHistory(nowhere, { prefix: name });

  expect(make).toThrow(
    expect.objectContaining({
      code: 'config_invalid',
      message: `prefix is ${JSON.stringify(name)}; it must have at least one character, and no { or }.`,
    }),
  );
});

test.each([0, -1, 1.5, Number.NaN])('%s is not a time to live', (ttlMs) => {
  const make = (): unknown => new RedisHistory(nowhere, { ttlMs });

  expect(make).toThrow(expect.objectContaining({ code: 'config_invalid' }));
});
