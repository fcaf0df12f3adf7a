// The same program on every store: what one process stored, the next one knows.
import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { expect, test, vi } from 'vitest';
import { freshFolder } from './folder.ts';
import { noKey } from './no-key.ts';

// Processes take their time to start on a busy machine.
vi.setConfig({ testTimeout: 60_000 });

const servers = {
  DATABASE_URL: process.env['DATABASE_URL'] || 'postgres://postgres@127.0.0.1:5432/test',
  REDIS_URL: process.env['REDIS_URL'] || 'redis://127.0.0.1:6379',
};
const sessionId = randomUUID();

function run(question: string, env: Readonly<Record<string, string>>) {
  return spawnSync(process.execPath, ['any-store.ts', question, sessionId], {
    cwd: new URL('..', import.meta.url),
    encoding: 'utf8',
    env: { ...process.env, ...noKey, MAF_SESSION_BACKEND: '', SQLITE_PATH: '', ...servers, ...env },
  });
}

/** A server that does not answer is no failure, except where one is promised. */
function isMissing(backend: string): boolean {
  if (process.env['REQUIRE_DATABASES'] === '1') return false;
  return run('reset', { SESSION_BACKEND: backend }).stderr.includes('error connection_failed');
}

test('the default is memory, which ends with the process', () => {
  run('Remember the word teal.', { SESSION_BACKEND: '' });

  const { stdout } = run('Which word was it?', { SESSION_BACKEND: '' });

  expect(stdout).toMatch(/^memory, turn 1\nQ: Which word was it\?\nA: none: I was sent 1 message/);
});

for (const backend of ['file', 'sqlite', 'postgres', 'redis']) {
  const needsServer = backend === 'postgres' || backend === 'redis';
  const title = `${backend} keeps the conversation for the next process, until it is reset`;
  test.skipIf(needsServer && isMissing(backend))(title, () => {
    using folder = freshFolder();
    const env = { SESSION_BACKEND: backend, SESSION_DIR: folder.path };

    const first = run('Remember the word teal.', env);
    const second = run('Which word was it?', env);
    const reset = run('reset', env);
    const after = run('Which word was it?', env);
    run('reset', env);

    expect(first).toMatchObject({ status: 0, stdout: expect.stringContaining(`${backend}, turn 1\n`) });
    expect(second).toMatchObject({
      status: 0,
      stdout: `${backend}, turn 2\nQ: Which word was it?\nA: The word was "teal".\n`,
    });
    expect(reset).toMatchObject({ status: 0, stdout: `${backend}: forgotten\n` });
    expect(after).toMatchObject({ status: 0, stdout: expect.stringContaining(`${backend}, turn 1\n`) });
  });
}

test('a store that there is not is one line with those that there are', () => {
  const { status, stderr, stdout } = run('Hello?', { SESSION_BACKEND: 'floppy' });

  expect(stderr).toMatch(/\nerror config_invalid: .*"floppy".* memory, file, sqlite, postgres, redis\.\n$/);
  expect([stdout, status]).toEqual(['', 1]);
});
