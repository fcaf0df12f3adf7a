// What a turn needs before it is answered: a slot, a free session, and a server that is not stopping.
import { expect, test } from 'vitest';
import { ServerContext } from '../../src/turn/context.ts';
import { openTurn } from '../../src/turn/request.ts';
import { SessionsInUse } from '../../src/turn/sessions-in-use.ts';
import { Slots } from '../../src/turn/slots.ts';
import { memoryStore } from '../app-rig.ts';

const client = { send: () => (async function* () {})() };
const context = (): ServerContext =>
  new ServerContext(
    { agent: { client }, store: memoryStore(), identity: { token: 'not used in here' } },
    { warn() {} },
  );

test('a session takes one turn at a time', () => {
  const sessions = new SessionsInUse();
  const release = sessions.take('a');
  sessions.take('b');

  const again = (): unknown => sessions.take('a');

  expect(again).toThrow('Another turn of this session is in progress. Wait for it, or stop it.');
  expect(again).toThrow(expect.objectContaining({ code: 'session_busy', retryAfterMs: 2_000 }));
  release();
  expect(again).not.toThrow();
});

test('each owner has a number of slots, and so do all owners together', () => {
  const slots = new Slots({ streamsPerUser: 2, streams: 3 });
  const releases = [slots.take('ann'), slots.take('ann')];
  slots.take('bob');

  const take = (owner: string) => (): unknown => slots.take(owner);

  expect(take('ann')).toThrow(expect.objectContaining({ code: 'rate_limited', retryAfterMs: 2_000 }));
  expect(take('eve')).toThrow(expect.objectContaining({ code: 'overloaded', retryAfterMs: 2_000 }));
  releases[0]!();
  expect(take('ann')).not.toThrow();
  expect(take('ann')).toThrow('You already have 2 answers in progress, the maximum.');
  expect(take('bob')).toThrow('The server is at capacity. Ask again soon.');
});

test('a stopping server refuses turns, and says when to retry', async () => {
  const served = context();

  served.stop();

  await expect(openTurn(served, 'ann', { message: 'Hi' })).rejects.toMatchObject({
    code: 'server_stopping',
    message: 'The server is shutting down. Ask again soon.',
    retryAfterMs: 2_000,
  });
  expect(served.stopping.reason).toMatchObject({ code: 'server_stopping' });
});

test('a session and a history together are refused, and the slot is released', async () => {
  const served = context();
  const both = { message: 'Hi', sessionId: 'a', history: [] };

  for (let asked = 0; asked < 20; asked += 1) {
    await expect(openTurn(served, 'ann', both)).rejects.toThrow(
      'Send a sessionId or a history, not both: the session has its own.',
    );
  }

  using turn = await openTurn(served, 'ann', { message: 'Hi', history: [] });
  expect(turn.session).toBeNull();
  await expect(turn.forgetIfEmpty({ warn: () => {} })).resolves.toBeUndefined();
});
