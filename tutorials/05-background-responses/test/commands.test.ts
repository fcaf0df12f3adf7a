// The chapter's programs as processes of their own: what they print, and with which exit code they end.
import { background, reply, serveModel } from '@turnstream/testkit';
import { expect, test } from 'vitest';
import { freshFolder } from './folder.ts';
import { run } from './program.ts';

const REPORT = /A: Report: Python and Rust \.\.\. \(\d+ characters\)\n/;

test.concurrent('a report is started, waited for with its statuses, and delivered', async () => {
  const { status, stdout, stderr } = await run(['main.ts']);

  expect(stdout).toMatch(
    /^Q: Write a report on Python and Rust\.\n {3}started in \d+ ms, and the connection is closed\nA: /,
  );
  expect(stdout).toMatch(REPORT);
  expect(stderr.match(/queued|in_progress|completed/g)).toEqual(['queued', 'in_progress', 'completed']);
  expect(status).toBe(0);
});

test.concurrent('one process starts, another one delivers, and the turn is remembered once', async () => {
  const { status, stdout } = await run(['quit-and-resume.ts']);

  expect(stdout).toMatch(/queued; the token is stored, and this process ends\n {3}another process resumes the run\n/);
  expect(stdout).toMatch(REPORT);
  expect(stdout).toMatch(/\nQ: How many messages do you see\?\nA: 3\n$/);
  expect(status).toBe(0);
});

test.concurrent('start takes a request of your own, and both start and resume refuse a demo model', async () => {
  await using model = await serveModel(background(reply('A report.')));
  using folder = freshFolder();
  const args = ['start.ts', 'Report on Haskell.'];

  const [started, ...refused] = await Promise.all([
    run([...args, folder.file('run.json'), model.baseURL]),
    run(args),
    run(['resume.ts']),
  ]);

  expect(started.stdout).toBe('Q: Report on Haskell.\n   queued; the token is stored, and this process ends\n');
  expect(model.requests[0]!.texts).toEqual(['Report on Haskell.']);
  for (const { stderr } of refused) expect(stderr).toMatch(/^error config_invalid: A demo model ends with .*\n$/);
  expect([started, ...refused].map(({ status }) => status)).toEqual([0, 1, 1]);
});

test.concurrent('an incomplete model configuration is an error, and no demo model starts', async () => {
  const { status, stdout, stderr } = await run(['main.ts'], { LLM_PROVIDER: 'azure' });

  expect(stderr).toMatch(/^error config_invalid: LLM_PROVIDER is azure, but these are missing: .*\n$/);
  expect([stdout, status]).toEqual(['', 1]);
});

test.concurrent('a stream that is left in the middle goes on where it was', async () => {
  const { status, stdout } = await run(['interrupted-stream.ts']);

  expect(stdout).toMatch(/left after event \d+; the token has \d+ characters\]\n/);
  expect(stdout).toMatch(/\n {3}no gaps and no repeats: true\n$/);
  expect(status).toBe(0);
});

test.concurrent('a cancelled report leaves nothing in the session', async () => {
  const { status, stdout } = await run(['cancel.ts']);

  expect(stdout).toMatch(/\n {3}queued\n {3}cancelled\nQ: How many messages do you see\?\nA: 1\n$/);
  expect(status).toBe(0);
});

test.concurrent('the three modes differ as the article says: in the connection, in the first word, not in the answer', async () => {
  const { status, stdout } = await run(['three-modes.ts']);

  const rows = [...stdout.matchAll(/^(\S+) +([\d.]+) s +([\d.]+) s +([\d.]+) s$/gm)];
  const [whole, streamed, unconnected] = rows.map(([, , ...seconds]) => seconds.map(Number));
  expect(rows.map(([, mode]) => mode)).toEqual(['non-streaming', 'streaming', 'background']);
  expect(whole![1]).toBe(whole![2]);
  expect(streamed![1]).toBeLessThan(streamed![2]! / 2);
  expect(unconnected![0]).toBeLessThan(whole![0]! / 2);
  expect(status).toBe(0);
});

test.concurrent('over Chat Completions it is refused in one line, exit code 1', async () => {
  const { status, stdout, stderr } = await run(['refused.ts']);

  expect(stderr).toMatch(/\nerror background_unsupported: .*OpenAIResponsesClient\.\n$/);
  expect([stdout, status]).toEqual(['', 1]);
});

test.concurrent('an unsigned webhook is refused, and a signed one causes one poll', async () => {
  const { status, stdout } = await run(['webhook.ts']);

  expect(stdout.split('\n').slice(1)).toEqual([
    '   queued, and nobody polls',
    '   a forged webhook: 400',
    '   one poll: completed',
    '   a webhook from the service: 204',
    '   the same one again: 204',
    'A: Python is easy to read, and Rust is fast.',
    '',
  ]);
  expect(status).toBe(0);
});
