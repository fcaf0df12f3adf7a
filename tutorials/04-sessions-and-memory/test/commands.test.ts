// The chapter's programs as processes of their own: what they print, and with which exit code they end.
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { expect, test, vi } from 'vitest';
import { freshFolder } from './folder.ts';
import { noKey } from './no-key.ts';

// Processes take their time to start on a busy machine.
vi.setConfig({ testTimeout: 60_000 });

function run(...args: string[]) {
  return spawnSync(process.execPath, args, {
    cwd: new URL('..', import.meta.url),
    encoding: 'utf8',
    env: { ...process.env, ...noKey },
  });
}

test('what one process saves, the next one knows, until it is reset', () => {
  using folder = freshFolder();
  const file = ['--file', folder.file('session.json')];

  const saved = run('main.ts', 'save', 'Remember the word teal.', ...file);
  const loaded = run('main.ts', 'load', 'Which word was it?', ...file);
  const reset = run('main.ts', 'reset', ...file);
  const forgotten = run('main.ts', 'load', 'Which word was it?', ...file);

  expect(saved).toMatchObject({ status: 0, stdout: expect.stringMatching(/^Q: .*\nA: OK, the word is "teal"\..*\n$/) });
  expect(loaded).toMatchObject({ status: 0, stdout: 'Q: Which word was it?\nA: The word was "teal".\n' });
  expect(reset).toMatchObject({ status: 0, stdout: 'Session cleared.\n', stderr: '' });
  expect(forgotten).toMatchObject({ status: 0, stdout: expect.stringContaining('A: none: I was sent 1 message') });
});

test('a file that is no session is one line on the error output, exit code 1', () => {
  using folder = freshFolder();
  writeFileSync(folder.file('session.json'), 'not a session');

  const ran = run('main.ts', 'load', 'Which word was it?', '--file', folder.file('session.json'));

  expect(ran.status).toBe(1);
  expect(ran.stderr).toMatch(/\nerror session_invalid: .*session\.json is not JSON\. .*\n$/);
  expect(ran.stdout).toBe('Q: Which word was it?\n');
});

test.each([
  ['nothing', []],
  ['a verb without a question', ['save']],
  ['another verb', ['forget']],
  ['an unknown option', ['save', 'Hello?', '--quick']],
])('%s is misuse: usage on the error output, exit code 2', (_, args) => {
  const ran = run('main.ts', ...args);

  expect(ran).toMatchObject({
    status: 2,
    stdout: '',
    stderr: expect.stringContaining('Usage: node main.ts save|load'),
  });
});

test('--help is no misuse', () => {
  const ran = run('main.ts', '--help');

  expect(ran).toMatchObject({
    status: 0,
    stderr: '',
    stdout: expect.stringContaining('Usage: node main.ts save|load'),
  });
});

test('the race prints what each store makes of it', () => {
  const { status, stdout } = run('race.ts');

  expect(stdout).toBe(`session.json: 2 turns answered, 1 stored, 1 lost
FileSessions: 2 turns answered, 2 stored, 0 lost
   one process was told session_conflict and asked again
FileHistory: 2 turns answered, 2 stored, 0 lost
   one process was told history_conflict and asked again
`);
  expect(status).toBe(0);
});

test('a window changes what the model knows, and not what is stored', () => {
  const { status, stdout } = run('window.ts');

  expect(stdout).toBe(`
whole
A: The word was "teal".
   6 turns are stored

lastTurns: 2
A: none: I was sent 5 messages, your question included, and no word was to be remembered.
   6 turns are stored

compact: inShort
A: The word was "teal".
   6 turns are stored
`);
  expect(status).toBe(0);
});

test('each kind of history knows the word of its own session and refuses that of the other', () => {
  const { status, stdout } = run('both-sides.ts');

  expect(stdout.match(/A: .*?(?:"teal"\.|history_mismatch)/g)).toEqual([
    'A: OK, the word is "teal".',
    'A: The word was "teal".',
    'A: error history_mismatch',
    'A: OK, the word is "teal".',
    'A: The word was "teal".',
    'A: error history_mismatch',
  ]);
  expect(status).toBe(0);
});
