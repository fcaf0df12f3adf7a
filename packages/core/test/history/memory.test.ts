import fc from 'fast-check';
import { expect, test } from 'vitest';
import { InSessionHistory } from '../../src/history/in-session.ts';
import { AgentSession, type HistoryProvider, MemoryHistory, type Message } from '../../src/index.ts';
import { checkLastTurns } from '../../src/seams.ts';

const question = (text: string): readonly Message[] => [{ role: 'user', contents: text }];

test('past maxSessions the conversation that was idle longest is forgotten, and a run that knew it is refused', async () => {
  const history = new MemoryHistory({ maxSessions: 2 });
  await history.append({ sessionId: 'a' }, question('A'), 0);
  await history.append({ sessionId: 'b' }, question('B'), 0);
  await history.load({ sessionId: 'a' });

  await history.append({ sessionId: 'c' }, question('C'), 0);

  const versions = await Promise.all(
    ['a', 'b', 'c'].map(async (sessionId) => (await history.load({ sessionId })).version),
  );
  expect(versions).toEqual([1, 0, 1]);
  await expect(history.append({ sessionId: 'b' }, question('B2'), 1)).rejects.toMatchObject({
    code: 'history_conflict',
  });
});

test.each([0, -1, 1.5, Number.NaN])('maxSessions %s is refused', (maxSessions) => {
  expect(() => new MemoryHistory({ maxSessions })).toThrow(expect.objectContaining({ code: 'config_invalid' }));
});

test.each([-1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])('lastTurns %s is not a number of turns', (lastTurns) => {
  expect(() => checkLastTurns(lastTurns)).toThrow(`lastTurns is ${lastTurns}`);
});

test.each([
  [0, []],
  [1, ['C']],
  [2, ['B', 'C']],
  [9, ['A', 'B', 'C']],
])('a session that keeps its own turns gives the last %i of them', async (lastTurns, texts) => {
  const history = new InSessionHistory();
  const session = new AgentSession();
  for (const [version, text] of ['A', 'B', 'C'].entries()) await history.append(session, question(text), version);

  const { messages, version } = await history.load(session, { lastTurns });

  expect(messages.map((message) => message.contents)).toEqual(texts);
  expect(version).toBe(3);
});

test('the error of a conflict shows the start of an endless id', async () => {
  const history = new MemoryHistory();

  const append = history.append({ sessionId: 'x'.repeat(10_000) }, question('A'), 1);

  await expect(append).rejects.toMatchObject({ message: expect.stringMatching(/^.{100,200}$/) });
});

test.each([
  ['a class instance', [{ role: 'user', contents: 'x', extra: new Date(0) }], 'turn[0].extra is a class instance'],
  ['an invalid number', [{ role: 'user', contents: 'x', extra: Number.NaN }], 'turn[0].extra is NaN'],
  ['an unknown role', [{ role: 'robot', contents: 'x' }], 'turn[0].role'],
  ['no list', { role: 'user', contents: 'x' }, '"turn" is an object, not a list'],
])('a turn with %s is refused before it is stored', async (_what, turn, problem) => {
  const history = new MemoryHistory();

  const append = history.append({ sessionId: 's' }, turn as unknown as readonly Message[], 0);

  await expect(append).rejects.toMatchObject({ code: 'input_invalid', message: expect.stringContaining(problem) });
  expect((await history.load({ sessionId: 's' })).version).toBe(0);
});

test('a rewound conversation that was forgotten begins again at version 0', async () => {
  const history = new MemoryHistory({ maxSessions: 1 });
  await history.append({ sessionId: 'a' }, question('A'), 0);
  await history.truncate({ sessionId: 'a' }, 0, 1);
  await history.append({ sessionId: 'b' }, question('B'), 0);

  const { version } = await history.append({ sessionId: 'a' }, question('A2'), 0);

  expect(version).toBe(1);
});

test('loading a conversation that was rewound to nothing counts as use, as with any other', async () => {
  const history = new MemoryHistory({ maxSessions: 2 });
  await history.append({ sessionId: 'a' }, question('A'), 0);
  await history.truncate({ sessionId: 'a' }, 0, 1);
  await history.append({ sessionId: 'b' }, question('B'), 0);
  await history.load({ sessionId: 'a' });

  await history.append({ sessionId: 'c' }, question('C'), 0);

  expect((await history.load({ sessionId: 'a' })).version).toBe(2);
  expect((await history.load({ sessionId: 'b' })).version).toBe(0);
});

test('whatever is done to a history, no version repeats, and its turns are those that were not taken back', async () => {
  const appends = fc.record({ kind: fc.constant('append' as const), text: fc.string() });
  const truncates = fc.record({
    kind: fc.constant('truncate' as const),
    share: fc.double({ min: 0, max: 1, noNaN: true }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(fc.oneof(appends, truncates)), async (changes) => {
      for (const history of [new MemoryHistory(), new InSessionHistory()] as readonly HistoryProvider[]) {
        const session = new AgentSession();
        const seen = [0];
        let expected: (readonly Message[])[] = [];
        for (const change of changes) {
          const version = seen.at(-1)!;
          if (change.kind === 'append') {
            expected = [...expected, question(change.text)];
            seen.push((await history.append(session, question(change.text), version)).version);
          } else {
            const kept = Math.floor(change.share * expected.length);
            const { version: next } = await history.truncate(session, kept, version);
            if (kept < expected.length) seen.push(next);
            expected = expected.slice(0, kept);
          }
        }
        const loaded = await history.load(session);

        expect(loaded).toMatchObject({ turns: expected, turnCount: expected.length, version: seen.at(-1) });
        expect(seen).toEqual(seen.map((_, index) => index));
      }
    }),
  );
});
