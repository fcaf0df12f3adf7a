// Two processes that have both read before either stores: what each store makes of it.
import { beforeEach, expect, test, vi } from 'vitest';
import { race } from '../two-processes.ts';
import { freshFolder } from './folder.ts';
import { noKey } from './no-key.ts';

// Processes take their time to start on a busy machine.
vi.setConfig({ testTimeout: 60_000 });

beforeEach(() => {
  for (const [name, value] of Object.entries(noKey)) vi.stubEnv(name, value);
});

const QUESTIONS = ['Remember the word teal.', 'Remember my name: call me Ada.'];

test('a session file that two processes save keeps the turn of one, and nobody is told', async () => {
  using folder = freshFolder();

  const { stored, codes } = await race('session.json', folder.path, QUESTIONS);

  expect(stored).toHaveLength(1);
  expect(codes).toEqual([]);
});

test.each([
  ['FileSessions', 'session_conflict'],
  ['FileHistory', 'history_conflict'],
])('%s tells the slower of two processes, which asks again, and no turn is lost', async (name, code) => {
  using folder = freshFolder();

  const { stored, codes } = await race(name, folder.path, QUESTIONS);

  expect(stored).toEqual(QUESTIONS);
  expect(codes).toEqual([code]);
});

test('a process that fails ends the race with an error', async () => {
  using folder = freshFolder();

  const failing = race('no such store', folder.path, QUESTIONS);

  await expect(failing).rejects.toThrow('exit code 1');
});
