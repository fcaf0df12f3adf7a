// A chat and a background run on one session: whichever ends first, both turns are kept. Two chats are another thing.
import { AgentError, type HistoryProvider, type Message } from '@turnstream/core';
import { reply } from '@turnstream/testkit';
import { afterEach, expect, test, vi } from 'vitest';
import { RebasingHistory } from '../../src/turn/rebasing-history.ts';
import { brief, frames, memoryStore, openRig } from '../app-rig.ts';
import { asTimePasses } from '../passing-time.ts';

afterEach(() => void vi.useRealTimers());

const session = { sessionId: 's' };

function turn(question: string, runId?: string): Message[] {
  const answer: Message = { role: 'assistant', contents: 'Yes.' };
  return [{ role: 'user', contents: question }, runId === undefined ? answer : { ...answer, runId }];
}

async function questionsIn(history: HistoryProvider, of = session): Promise<unknown[]> {
  const { messages } = await history.load(of);
  return messages.filter(({ role }) => role === 'user').map(({ contents }) => contents);
}

test('a chat that is answered while a run ends is kept, behind the turn of the run', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  await using rig = await openRig({ steps: [reply(['Chat', '.'], { chunkDelayMs: 300 })] });
  const reading = frames(await rig.post('/chat/stream', { message: 'Chat?' }));
  const { sessionId } = (await reading.next()).value!.data as { sessionId: string };
  await reading.next();

  await rig.store.history.append({ sessionId }, turn('Run?', 'r1'), 0);
  const rest = await asTimePasses(Array.fromAsync(reading));

  expect(brief(rest)).toEqual(['update "."', 'done "completed"']);
  expect(await questionsIn(rig.store.history, { sessionId })).toEqual(['Run?', 'Chat?']);
});

test('a turn is stored after all runs that ended in the meantime', async () => {
  const { history } = memoryStore();
  await history.append(session, turn('Before?'), 0);
  await history.append(session, turn('Run 1?', 'r1'), 1);
  await history.append(session, turn('Run 2?', 'r2'), 2);

  const { version } = await new RebasingHistory(history).append(session, turn('Chat?'), 1);

  expect(version).toBe(4);
  expect(await questionsIn(history)).toEqual(['Before?', 'Run 1?', 'Run 2?', 'Chat?']);
});

test.each([
  ['another chat', [turn('Chat 1?')]],
  ['a run and another chat', [turn('Run?', 'r1'), turn('Chat 1?')]],
])('a chat that was slower than %s is refused, and nothing is added', async (_what, added) => {
  const { history } = memoryStore();
  for (const [version, each] of added.entries()) await history.append(session, each, version);
  const before = await questionsIn(history);

  const appending = new RebasingHistory(history).append(session, turn('Chat 2?'), 0);

  await expect(appending).rejects.toMatchObject({ name: 'AgentError', code: 'history_conflict' });
  expect(await questionsIn(history)).toEqual(before);
});

test('a chat on a session that was rewound while it ran is refused, whatever runs have ended since', async () => {
  const { history } = memoryStore();
  await history.append(session, turn('Run 1?', 'r1'), 0);
  await history.append(session, turn('Run 2?', 'r2'), 1);
  const rebasing = new RebasingHistory(history);
  await rebasing.load(session);
  await history.truncate(session, 1, 2);
  await history.append(session, turn('Run 3?', 'r3'), 3);

  const appending = rebasing.append(session, turn('Chat?'), 2);

  await expect(appending).rejects.toMatchObject({ code: 'history_conflict' });
  expect(await questionsIn(history)).toEqual(['Run 1?', 'Run 3?']);
});

test('a chat that began after a rewind is added after the runs that ended while it ran', async () => {
  const { history } = memoryStore();
  await history.append(session, turn('Before?'), 0);
  await history.truncate(session, 0, 1);
  const rebasing = new RebasingHistory(history);
  await rebasing.load(session);
  await history.append(session, turn('Run?', 'r1'), 2);

  const { version } = await rebasing.append(session, turn('Chat?'), 2);

  expect(version).toBe(4);
  expect(await questionsIn(history)).toEqual(['Run?', 'Chat?']);
});

test('a history at a different version than it says is refused as usual', async () => {
  const { history } = memoryStore();

  const appending = new RebasingHistory(history).append(session, turn('Chat?'), 3);

  await expect(appending).rejects.toMatchObject({ code: 'history_conflict' });
});

test.each([
  ['an error of the store', new AgentError('connection_failed', 'The database is down.')],
  ['an unknown error', new Error('broken')],
])('%s is not retried', async (_what, error) => {
  const { history } = memoryStore();
  await history.append(session, turn('Run?', 'r1'), 0);
  const append = vi.spyOn(history, 'append').mockRejectedValue(error);

  const appending = new RebasingHistory(history).append(session, turn('Chat?'), 0);

  await expect(appending).rejects.toBe(error);
  expect(append).toHaveBeenCalledTimes(1);
});
