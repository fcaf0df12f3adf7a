// The chapter's programs, as processes of their own.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { httpError, serveModel } from '@turnstream/testkit';
import { expect, test } from 'vitest';

const cwd = new URL('..', import.meta.url);
const env = { ...process.env, LLM_PROVIDER: '', LLM_MODEL: '', OPENAI_API_KEY: '', OPENAI_BASE_URL: '' };

async function printed(program: string): Promise<readonly string[]> {
  const { stdout } = await run(program, env);
  return stdout.trimEnd().split('\n');
}

function run(program: string, variables: NodeJS.ProcessEnv) {
  return promisify(execFile)(process.execPath, ['--no-warnings', program], { cwd, env: variables });
}

test.concurrent('five clients get the same answer from one agent', async () => {
  const [question, , ...answers] = await printed('main.ts');

  expect(question).toBe('Q: Where is order A7?');
  expect(answers.map((line) => line.slice(0, 12).trim())).toEqual(['streamChat', 'openai', 'useChat', 'AG-UI', 'A2A']);
  expect(new Set(answers.map((line) => line.slice(12)))).toEqual(
    new Set(['According to find_order (number A7): Order A7 left Rome on Monday.']),
  );
});

test.concurrent('a clean end is noticed by the server’s own client alone, the other ends by all', async () => {
  const rows = (await printed('ends.ts')).slice(3);

  const ends = rows.map((line) => line.slice(12).split(/ {2,}/));
  const half = ['an error', '"You get your money back "', 'an error'];
  expect(ends).toEqual([Array(3).fill('an error'), half, half, half, half]);
});

test.concurrent('with a refused key the terminal shows why, and the client does not', async () => {
  await using model = await serveModel(httpError(401));

  const failed = run('main.ts', { ...env, OPENAI_API_KEY: 'none', OPENAI_BASE_URL: model.baseURL });

  await expect(failed).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/"cause":"auth".*\nerror server_error: The server could not get the answer\. .*\n$/),
  });
});
