import { expect, test } from 'vitest';
import { leaseSession, leaseWhenFree } from '../../src/session/lease.ts';
import { AgentSession } from '../../src/session/session.ts';

test('a waiting run gets the session when the previous run ends, and no other run does', async () => {
  const session = new AgentSession();
  const release = leaseSession(session);
  const taken: string[] = [];

  const waiting = leaseWhenFree(session).then((giveBack) => {
    taken.push('taken');
    return giveBack;
  });
  taken.push('given back');
  release();
  const giveBack = await waiting;

  expect(taken).toEqual(['given back', 'taken']);
  expect(() => leaseSession(session)).toThrow(expect.objectContaining({ code: 'session_busy' }));
  giveBack();
  expect(() => leaseSession(session)).not.toThrow();
});
