// The chapter's programs as processes of their own: what they print, and with which exit code they end.
import { readdirSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { freshFolder } from './folder.ts';
import { run } from './program.ts';

test.concurrent('what one process saves, the next one knows, until it is reset', async () => {
  using folder = freshFolder();
  const file = ['--file', folder.file('session.json')];

  const saved = await run(['main.ts', 'save', 'Remember the word teal.', ...file]);
  const loaded = await run(['main.ts', 'load', 'Which word was it?', ...file]);
  const reset = await run(['main.ts', 'reset', ...file]);

  expect(saved).toMatchObject({ status: 0, stdout: expect.stringMatching(/^Q: .*\nA: OK, the word is "teal"\..*\n$/) });
  expect(loaded).toMatchObject({ status: 0, stdout: 'Q: Which word was it?\nA: The word was "teal".\n' });
  expect(reset).toMatchObject({ status: 0, stdout: 'Session cleared.\n', stderr: '' });
  expect(readdirSync(folder.path)).toEqual([]);
});

test.concurrent('a file that is not a session prints one line on stderr and exits with code 1', async () => {
  using folder = freshFolder();
  writeFileSync(folder.file('session.json'), 'not a session');

  const ran = await run(['main.ts', 'load', 'Which word was it?', '--file', folder.file('session.json')]);

  expect(ran.status).toBe(1);
  expect(ran.stderr).toMatch(/\nerror session_invalid: .*session\.json: Not JSON\. .*\n$/);
  expect(ran.stdout).toBe('Q: Which word was it?\n');
});

test.concurrent.for([
  ['nothing', []],
  ['a verb without a question', ['save']],
  ['another verb', ['forget']],
  ['an unknown option', ['save', 'Hello?', '--quick']],
] as const)('%s is misuse: usage on the error output, exit code 2', async ([, args]) => {
  const ran = await run(['main.ts', ...args]);

  expect(ran).toMatchObject({
    status: 2,
    stdout: '',
    stderr: expect.stringMatching(
      /^Usage: node main\.ts save\|load .*\n {2}reset {8}delete the saved conversation\n$/s,
    ),
  });
});

test.concurrent('--help is not a misuse', async () => {
  const ran = await run(['main.ts', '--help']);

  expect(ran).toMatchObject({
    status: 0,
    stderr: '',
    stdout: expect.stringContaining('Usage: node main.ts save|load'),
  });
});

test.concurrent('a turn that was taken back is not known to the model, and not in the transcript', async () => {
  const { status, stdout } = await run(['undo.ts']);

  expect(stdout.split('\n').filter((line) => line.startsWith('A: The word'))).toEqual([
    'A: The word was "taupe".',
    'A: The word was "teal".',
  ]);
  expect(stdout).toContain('removed: Which word was it? The word was "teal".\nleft: Remember the word teal. OK,');
  expect(status).toBe(0);
});

test.concurrent('a window changes what the model knows, and not what is stored', async () => {
  const { status, stdout } = await run(['window.ts']);

  expect(stdout).toBe(`
whole
A: The word was "teal".
   6 turns are stored

lastTurns: 2
A: none: I was sent 5 messages, your question included, and none gave me a word to remember.
   6 turns are stored

compact: inShort
A: The word was "teal".
   6 turns are stored
`);
  expect(status).toBe(0);
});

test.concurrent('each kind of history knows the word of its own session and refuses that of the other', async () => {
  const { status, stdout } = await run(['both-sides.ts']);

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
