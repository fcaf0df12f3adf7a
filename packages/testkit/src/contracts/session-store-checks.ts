// What every SessionStore does: it returns sessions unchanged, only to their owner, and refuses the second of two
// saves.
import { AgentSession, type SessionStore } from '@turnstream/core';
import { expect } from 'vitest';
import { type InTime, until } from './deadline.ts';
import { hostileIds, hostileTexts } from './hostile-strings.ts';

/** An empty store under test. */
export interface SessionStoreRig {
  readonly sessions: SessionStore;
  /** Opens a new handle on the same storage. If omitted, the checks use the same handle twice. */
  reopen?(): SessionStore | Promise<SessionStore>;
  [Symbol.asyncDispose]?(): void | PromiseLike<void>;
}

export type SessionStoreChecks = Readonly<Record<string, (rig: SessionStoreRig, inTime: InTime) => Promise<void>>>;

const [ann, bob] = [{ owner: 'ann' }, { owner: 'bob' }];
const conflict = { code: 'session_conflict' };

export const checksOfSavedSessions: SessionStoreChecks = {
  async 'a saved session opens unchanged, also through a new handle'(rig) {
    const session = new AgentSession({ serviceSessionId: 'resp_1' });
    session.state['history'] = { turns: [[{ role: 'user', contents: 'Hello' }]] };
    session.state['texts'] = hostileTexts;
    session.state['deep'] = JSON.parse('{"__proto__":{"admin":true},"list":[1,null,{"a":0.5}]}');
    await rig.sessions.save(session, ann);

    const opened = await (await reopen(rig)).open(session.sessionId, ann);

    expect(JSON.stringify(opened)).toBe(JSON.stringify(session));
  },

  async 'an unsaved session is null, and deleting it returns false'({ sessions }) {
    const opened = await sessions.open('nobody', ann);
    const deleted = await sessions.delete('nobody', ann);

    expect([opened, deleted]).toEqual([null, false]);
    expect(await sessions.list('ann')).toEqual([]);
  },

  async 'a session can be saved again and again'({ sessions }) {
    const session = new AgentSession({ sessionId: 's' });

    for (const count of [1, 2, 3]) {
      session.state['count'] = count;
      await sessions.save(session, ann);
    }

    expect((await sessions.open('s', ann))?.state).toEqual({ count: 3 });
  },

  async 'when a session is opened twice, the second save is refused'(rig) {
    await rig.sessions.save(new AgentSession({ sessionId: 's' }), ann);
    const other = await reopen(rig);
    const [first, second] = [await rig.sessions.open('s', ann), await other.open('s', ann)];
    if (first === null || second === null) throw new Error('a saved session was not there');
    first.state['by'] = 'first';
    second.state['by'] = 'second';

    await rig.sessions.save(first, ann);
    const refused = other.save(second, ann);

    await expect(refused).rejects.toMatchObject(conflict);
    expect((await rig.sessions.open('s', ann))?.state).toEqual({ by: 'first' });
  },

  async 'of 20 concurrent saves, one is kept'(rig) {
    const other = await reopen(rig);
    const stores = Array.from({ length: 20 }, (_, index) => (index % 2 ? other : rig.sessions));
    await rig.sessions.save(new AgentSession({ sessionId: 's' }), ann);
    const opened = await Promise.all(stores.map((store) => store.open('s', ann)));

    const outcomes = await Promise.allSettled(
      stores.map((store, index) => store.save(opened[index] ?? new AgentSession(), ann)),
    );

    const codes = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason.code] : []));
    expect(codes).toEqual(Array.from({ length: 19 }, () => 'session_conflict'));
  },

  async 'a new session does not replace a stored one'({ sessions }) {
    await sessions.save(new AgentSession({ sessionId: 's' }), ann);

    const taken = sessions.save(new AgentSession({ sessionId: 's' }), ann);

    await expect(taken).rejects.toMatchObject(conflict);
  },

  async 'a deleted session cannot be brought back through an old handle, and its id is free'({ sessions }) {
    const session = new AgentSession({ sessionId: 's' });
    await sessions.save(session, ann);

    const deleted = [await sessions.delete('s', ann), await sessions.delete('s', ann)];

    expect(deleted).toEqual([true, false]);
    expect(await sessions.open('s', ann)).toBeNull();
    await expect(sessions.save(session, ann)).rejects.toMatchObject(conflict);
    await sessions.save(new AgentSession({ sessionId: 's' }), bob);
    expect((await sessions.open('s', bob))?.sessionId).toBe('s');
  },
};

export const checksOfOwners: SessionStoreChecks = {
  async 'another owner’s session looks like one that does not exist'({ sessions }) {
    await sessions.save(new AgentSession({ sessionId: 's' }), ann);

    const seen = [await sessions.open('s', bob), await sessions.list('bob'), await sessions.delete('s', bob)];

    expect(seen).toEqual([null, [], false]);
    expect(await sessions.open('s', ann)).not.toBeNull();
  },

  async 'nobody can overwrite another owner’s session, whether new or opened'({ sessions }) {
    const session = new AgentSession({ sessionId: 's' });
    session.state['of'] = 'ann';
    await sessions.save(session, ann);

    await expect(sessions.save(new AgentSession({ sessionId: 's' }), bob)).rejects.toMatchObject(conflict);
    await expect(sessions.save(session, bob)).rejects.toMatchObject(conflict);

    expect((await sessions.open('s', ann))?.state).toEqual({ of: 'ann' });
    expect(await sessions.list('bob')).toEqual([]);
  },

  async 'each hostile id and each hostile owner stays distinct'({ sessions }) {
    const pairs = hostileIds.map((sessionId, index) => ({ sessionId, owner: hostileIds.at(-index) ?? '' }));
    await Promise.all(pairs.map(({ sessionId, owner }) => sessions.save(new AgentSession({ sessionId }), { owner })));

    const opened = await Promise.all(pairs.map(({ sessionId, owner }) => sessions.open(sessionId, { owner })));
    const listed = await Promise.all(pairs.map(({ owner }) => sessions.list(owner)));

    const ids = pairs.map(({ sessionId }) => sessionId);
    expect(opened.map((session) => session?.sessionId)).toEqual(ids);
    expect(listed.map((page) => page.map(({ sessionId }) => sessionId))).toEqual(ids.map((sessionId) => [sessionId]));
  },

  async 'a listing returns each session of an owner once, paged in a stable order'({ sessions }) {
    const ids = Array.from({ length: 12 }, (_, index) => `s${index}`);
    await Promise.all(ids.map((sessionId) => sessions.save(new AgentSession({ sessionId }), ann)));
    await Promise.all(ids.map((sessionId) => sessions.save(new AgentSession({ sessionId: `bob-${sessionId}` }), bob)));
    const pages: string[][] = [];

    let after: string | undefined;
    for (let count = 0; count < 4; count += 1) {
      const page = await sessions.list('ann', { limit: 5, ...(after === undefined ? {} : { after }) });
      pages.push(page.map(({ sessionId }) => sessionId));
      after = pages.at(-1)?.at(-1);
    }

    expect(pages.map((page) => page.length)).toEqual([5, 5, 2, 0]);
    expect(pages.flat().toSorted()).toEqual(ids.toSorted());
    expect((await sessions.list('ann')).map(({ sessionId }) => sessionId)).toEqual(pages.flat());
  },
};

export const checksOfExpiry: SessionStoreChecks = {
  async 'an expired session is gone, and its id is free'({ sessions }, inTime) {
    const short = new AgentSession({ sessionId: 'short' });
    await sessions.save(short, { ...ann, ttlMs: 50 });
    await sessions.save(new AgentSession({ sessionId: 'long' }), { ...ann, ttlMs: 60_000 });

    await untilGone(sessions, 'short', inTime);

    expect((await sessions.list('ann')).map(({ sessionId }) => sessionId)).toEqual(['long']);
    expect(await sessions.delete('short', ann)).toBe(false);
    await expect(sessions.save(short, ann)).rejects.toMatchObject(conflict);
    await sessions.save(new AgentSession({ sessionId: 'short' }), bob);
    expect(await sessions.open('short', bob)).not.toBeNull();
  },

  async 'a listing includes when each session was saved and when it expires'({ sessions }) {
    const before = Date.now();
    await sessions.save(new AgentSession({ sessionId: 's1' }), { ...ann, ttlMs: 60_000 });
    await sessions.save(new AgentSession({ sessionId: 's2' }), ann);

    const listed = await sessions.list('ann');
    const after = Date.now();

    for (const { savedAtMs } of listed) {
      expect(savedAtMs).toBeGreaterThanOrEqual(before);
      expect(savedAtMs).toBeLessThanOrEqual(after);
    }
    const lives = listed.map(({ sessionId, savedAtMs, expiresAtMs }) => [
      sessionId,
      expiresAtMs === null ? null : expiresAtMs - savedAtMs,
    ]);
    // A store may list in any order.
    expect(Object.fromEntries(lives)).toEqual({ s1: 60_000, s2: null });
  },

  async 'each save resets the expiry, and a save without one removes it'({ sessions }, inTime) {
    const { sessionId, ttlMs } = await savedTwice(sessions);
    await sessions.save(new AgentSession({ sessionId: 'marker' }), { ...ann, ttlMs: ttlMs + 50 });

    await untilGone(sessions, 'marker', inTime);

    expect(await sessions.open(sessionId, ann)).not.toBeNull();
  },
};

/**
 * Saves a session with a time to live, then without one before it expires. Doubles the time to live until both saves
 * fit.
 */
async function savedTwice(sessions: SessionStore): Promise<{ readonly sessionId: string; readonly ttlMs: number }> {
  for (let ttlMs = 100; ; ttlMs *= 2) {
    const session = new AgentSession();
    await sessions.save(session, { ...ann, ttlMs });
    try {
      await sessions.save(session, ann);
      return { sessionId: session.sessionId, ttlMs };
    } catch (error) {
      if (ttlMs > 60_000) throw error;
    }
  }
}

/** Resolves when the store no longer has the session. */
function untilGone(sessions: SessionStore, sessionId: string, inTime: InTime): Promise<void> {
  return until(async () => (await sessions.open(sessionId, ann)) === null, inTime, `session ${sessionId} to expire`);
}

async function reopen(rig: SessionStoreRig): Promise<SessionStore> {
  return (await rig.reopen?.()) ?? rig.sessions;
}
