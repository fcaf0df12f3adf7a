// The chapter's programs as processes of their own.
import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';

/** Runs a program without a key: an empty variable hides the one in `.env`. */
function run(program: string, ...args: string[]) {
  return spawnSync(process.execPath, [program, ...args], {
    cwd: new URL('..', import.meta.url),
    encoding: 'utf8',
    env: { ...process.env, LLM_PROVIDER: '', OPENAI_API_KEY: '', OPENAI_BASE_URL: '', AZURE_OPENAI_ENDPOINT: '' },
  });
}

test('without an argument it asks for the capital of France', () => {
  const { status, stdout, stderr } = run('main.ts');

  expect(stdout).toBe('Q: What is the capital of France?\nA: The capital of France is Paris.\n');
  expect(stderr).toMatch(/^No OPENAI_API_KEY is set, so the demo model on this machine answers\..*\n$/);
  expect(status).toBe(0);
});

test('with an argument it asks that', () => {
  const { status, stdout } = run('main.ts', 'How old is Python? Answer with a year only.');

  expect(stdout).toBe('Q: How old is Python? Answer with a year only.\nA: 1991\n');
  expect(status).toBe(0);
});

test('image.ts sends the image beside the words of the question', () => {
  const { status, stdout } = run('image.ts');

  expect(stdout).toBe(
    'Q: What does this image show? (red-circle.png)\n' +
      'A: I was sent an image of type image/png, 188 bytes. What it shows takes a real model.\n',
  );
  expect(status).toBe(0);
});

test('settings.ts shows that the run comes before the agent, and the agent before the client', () => {
  const { status, stdout } = run('settings.ts');

  expect(stdout).toBe(`What is the capital of France?
  {"model":"gpt-5","max_output_tokens":500,"reasoning":{"effort":"low"}}, x-team: maps
What is the capital of Japan?
  {"model":"gpt-5-mini","max_output_tokens":50,"reasoning":{"effort":"low"}}, x-team: travel
`);
  expect(status).toBe(0);
});
