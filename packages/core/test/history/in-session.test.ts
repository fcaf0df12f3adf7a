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
    message: 'Session "s1" is at version 1, not 0: it was changed meanwhile. Try again.',
  });
  expect((await history.load(session)).messages).toEqual(turn);
});

test('a session whose history is cleared begins anew', async () => {
  const history = new InSessionHistory();
  const session = new AgentSession();
  await history.append(session, turn, 0);

  await history.clear(session);

  expect(await history.load(session)).toEqual({ messages: [], turns: [], turnCount: 0, version: 0 });
  expect(session.state).toEqual({});
});

test('turns that were changed from outside after they were stored are checked again', async () => {
  const history = new InSessionHistory();
  const session = new AgentSession();
  await history.append(session, turn, 0);

  session.state['history'] = { turns: [[{ role: 'robot', contents: 'x' }]] };

  await expect(history.load(session)).rejects.toMatchObject({ code: 'history_corrupt' });
});

test('the JSON of a rewound session carries "ahead", and the session continues from it; other sessions are unchanged', async () => {
  const history = new InSessionHistory();
  const session = new AgentSession({ sessionId: 's1' });
  await history.append(session, turn, 0);
  await history.append(session, turn, 1);
  const before = session.toJSON().state;

  await history.truncate(session, 1, 2);
  const opened = AgentSession.fromJSON(JSON.parse(JSON.stringify(session)));
  const late = history.append(opened, turn, 2);

  await expect(late).rejects.toMatchObject({ code: 'history_conflict' });
  await history.append(opened, turn, 3);
  expect(before).toEqual({ history: { turns: [turn, turn] } });
  expect(session.toJSON().state).toEqual({ history: { turns: [turn], ahead: 2 } });
  expect(opened.toJSON().state).toEqual({ history: { turns: [turn, turn], ahead: 2 } });
});

test.each([-1, 0.5, '1', null])('an "ahead" of %j in a stored session is an error', async (ahead) => {
  const session = new AgentSession();
  session.state['history'] = { turns: [turn], ahead };

  const load = new InSessionHistory().load(session);

  await expect(load).rejects.toMatchObject({
    code: 'history_corrupt',
    message: expect.stringContaining('"state.history.ahead"'),
  });
});
