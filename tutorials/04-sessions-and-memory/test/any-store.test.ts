// The same program on every store: what one process stored, the next one knows.
import { randomUUID } from 'node:crypto';
import { type Env, historyFromEnv } from '@turnstream/config';
import { expect, test } from 'vitest';
import { freshFolder } from './folder.ts';
import { type Ended, run } from './program.ts';

const servers = {
  DATABASE_URL: process.env['DATABASE_URL'] || 'postgres://postgres@127.0.0.1:5432/test',
  REDIS_URL: process.env['REDIS_URL'] || 'redis://127.0.0.1:6379',
};
const sessionId = randomUUID();

function ask(question: string, env: Env): Promise<Ended> {
  return run(['any-store.ts', question, sessionId], { MAF_SESSION_BACKEND: '', SQLITE_PATH: '', ...servers, ...env });
}

async function storeTurn(env: Env): Promise<void> {
  await using stored = await historyFromEnv({ env });
  await stored.history.append({ sessionId }, [{ role: 'user', contents: 'Remember the word teal.' }], 0);
}

/** How many turns the backend holds of the session, which it forgets then. */
async function takeTurns(env: Env): Promise<number> {
  await using stored = await historyFromEnv({ env: { ...servers, ...env } });
  const { version } = await stored.history.load({ sessionId });
  await stored.history.clear({ sessionId });
  return version;
}

/** A server that does not answer is a failure where one is promised. */
async function isMissing(backend: string): Promise<boolean> {
  try {
    await takeTurns({ SESSION_BACKEND: backend });
    return false;
  } catch (error) {
    if (process.env['REQUIRE_DATABASES'] === '1') throw error;
    return true;
  }
}

test.concurrent('the default is memory, which ends with the process', async () => {
  await ask('Remember the word teal.', { SESSION_BACKEND: '' });

  const { stdout } = await ask('Which word was it?', { SESSION_BACKEND: '' });

  expect(stdout).toMatch(/^memory, turn 1\nQ: Which word was it\?\nA: none: I was sent 1 message/);
});

for (const backend of ['file', 'sqlite', 'postgres', 'redis']) {
  const needsServer = backend === 'postgres' || backend === 'redis';
  const title = `${backend} keeps the conversation for the next process`;
  test
    .skipIf(needsServer && (await isMissing(backend)))
    .concurrent(title, { tags: needsServer ? [backend] : [] }, async () => {
      using folder = freshFolder();
      const env = { SESSION_BACKEND: backend, SESSION_DIR: folder.path };

      const first = await ask('Remember the word teal.', env);
      const second = await ask('Which word was it?', env);

      expect(first).toMatchObject({ status: 0, stdout: expect.stringContaining(`${backend}, turn 1\n`) });
      expect(second).toMatchObject({
        status: 0,
        stdout: `${backend}, turn 2\nQ: Which word was it?\nA: The word was "teal".\n`,
      });
      expect(await takeTurns(env)).toBe(2);
    });
}

test.concurrent('a reset forgets the conversation', async () => {
  using folder = freshFolder();
  const env = { SESSION_BACKEND: 'file', SESSION_DIR: folder.path };
  await storeTurn(env);

  const reset = await ask('reset', env);

  expect(reset).toMatchObject({ status: 0, stdout: 'file: cleared\n', stderr: '' });
  expect(await takeTurns(env)).toBe(0);
});

test.concurrent('an unknown store is a one-line error that lists the known ones', async () => {
  const { status, stderr, stdout } = await ask('Hello?', { SESSION_BACKEND: 'floppy' });

  expect(stderr).toMatch(/^error config_invalid: .*"floppy".* memory, file, sqlite, postgres, redis\.\n$/);
  expect([stdout, status]).toEqual(['', 1]);
});
