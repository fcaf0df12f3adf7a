// The history that a session carries itself.
import { expect, test } from 'vitest';
import { InSessionHistory } from '../../src/history/in-session.ts';
import { AgentSession, type Message } from '../../src/index.ts';

const turn: readonly Message[] = [{ role: 'user', contents: 'Hello' }];

test('a turn is added only to the version it was meant for', async () => {
  const history = new InSessionHistory();
  const session = new AgentSession({ sessionId: 's1' });

  const first = await history.append(session, turn, 0);
  const late = history.append(session, turn, 0);

  expect(first).toEqual({ version: 1 });
  await expect(late).rejects.toMatchObject({
    code: 'history_conflict',
    message: 'Session "s1" is at turn 1, not 0. Run the turn again.',
  });
  expect((await history.load(session)).messages).toEqual(turn);
});

test('a session whose history is cleared begins anew', async () => {
  const history = new InSessionHistory();
  const session = new AgentSession();
  await history.append(session, turn, 0);

  await history.clear(session);

  expect(await history.load(session)).toEqual({ messages: [], version: 0 });
  expect(session.state).toEqual({});
});

test('turns that were changed from outside after they were stored are checked again', async () => {
  const history = new InSessionHistory();
  const session = new AgentSession();
  await history.append(session, turn, 0);

  session.state['history'] = { turns: [[{ role: 'robot', contents: 'x' }]] };

  await expect(history.load(session)).rejects.toMatchObject({ code: 'history_corrupt' });
});
