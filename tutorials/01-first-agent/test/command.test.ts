// The chapter's program as a process of its own.
import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';

/** Runs `node main.ts` without a key: an empty variable hides the one in `.env`. */
function runMain(...args: string[]) {
  return spawnSync(process.execPath, ['main.ts', ...args], {
    cwd: new URL('..', import.meta.url),
    encoding: 'utf8',
    env: { ...process.env, LLM_PROVIDER: '', OPENAI_API_KEY: '', OPENAI_BASE_URL: '', AZURE_OPENAI_ENDPOINT: '' },
  });
}

test('without an argument it asks for the capital of France', () => {
  const { status, stdout, stderr } = runMain();

  expect(stdout).toBe('Q: What is the capital of France?\nA: The capital of France is Paris.\n');
  expect(stderr).toMatch(/^No OPENAI_API_KEY is set, so the demo model on this machine answers\..*\n$/);
  expect(status).toBe(0);
});

test('with an argument it asks that', () => {
  const { status, stdout } = runMain('How old is Python? Answer with a year only.');

  expect(stdout).toBe('Q: How old is Python? Answer with a year only.\nA: 1991\n');
  expect(status).toBe(0);
});
