// Two processes that have both read before either stores: what each store makes of it.
import { writeFileSync } from 'node:fs';
import { httpError, reply, serveModel } from '@turnstream/testkit';
import { expect, test, vi } from 'vitest';
import { race } from '../two-processes.ts';
import { freshFolder } from './folder.ts';
import { type Ended, run } from './program.ts';

/** One race, shared by the tests of its outcomes: it starts three processes. */
let racing: Promise<Ended> | undefined;

async function linesOf(store: string): Promise<string[]> {
  const { stdout } = await (racing ??= run(['race.ts']));
  const lines = stdout.split('\n');
  const start = lines.findIndex((line) => line.startsWith(`${store}: `));
  const end = lines.findIndex((line, index) => index > start && !line.startsWith(' '));
  return lines.slice(start, end);
}

test.concurrent('a session file saved by two processes keeps the turn of one, without an error', async () => {
  const lines = await linesOf('session.json');

  expect(lines).toEqual(['session.json: 2 turns answered, 1 stored, 1 lost']);
});

test.concurrent.for([
  ['FileSessions', 'session_conflict'],
  ['FileHistory', 'history_conflict'],
] as const)('%s refuses the slower of two processes, which retries, and no turn is lost', async ([store, code]) => {
  const lines = await linesOf(store);

  expect(lines).toEqual([`${store}: 2 turns answered, 2 stored, 0 lost`, `   one process got ${code} and retried`]);
});

test.concurrent('a process that fails ends the race with an error', async () => {
  using folder = freshFolder();
  writeFileSync(folder.file('no-folder'), '');

  const failing = race(folder.file('no-folder'), ['Remember the word teal.']);

  await expect(failing).rejects.toThrow('exit code 1');
});

test('a process whose model fails before its first word retries, and the other one waits for it', async () => {
  await using model = await serveModel(httpError(400), ...Array.from({ length: 8 }, () => reply('OK.')));
  vi.stubEnv('OPENAI_API_KEY', 'k');
  vi.stubEnv('OPENAI_BASE_URL', model.baseURL);
  using folder = freshFolder();

  const results = await race(folder.path, ['Remember the word teal.', 'Remember the word ruby.']);

  expect([...results].map(([name, { stored, codes }]) => [name, stored.length, codes])).toEqual([
    ['session.json', 1, ['bad_request']],
    ['FileSessions', 2, ['session_conflict']],
    ['FileHistory', 2, ['history_conflict']],
  ]);
});
