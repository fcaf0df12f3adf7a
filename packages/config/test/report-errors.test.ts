import { spawnSync } from 'node:child_process';
import { AgentError } from '@turnstream/core';
import { expect, test } from 'vitest';
import { errorLine } from '../src/report-errors.ts';

/** Runs a script that begins with `reportErrors()`; `SCRIPT` in the command line stands for it. */
function runScript(body: string, commandLine = 'SCRIPT') {
  const source = `import { reportErrors } from ${JSON.stringify(sourceFile('report-errors.ts'))}; reportErrors(); ${body}`;
  return spawnSync('sh', ['-c', commandLine.replace('SCRIPT', '"$NODE" --input-type=module -e "$SOURCE"')], {
    encoding: 'utf8',
    env: { ...process.env, NODE: process.execPath, SOURCE: source },
  });
}

function sourceFile(name: string): string {
  return new URL(`../src/${name}`, import.meta.url).href;
}

test('an AgentError becomes one line of code and message', () => {
  const error = new AgentError('config_invalid', 'This is wrong.\nSet that.');

  expect(errorLine(error)).toBe('error config_invalid: This is wrong. Set that.');
});

test('an error that names a variable itself gets no other one beside it', () => {
  const line = errorLine(new AgentError('connection_failed', 'No Redis answers at REDIS_URL.'));

  expect(line).toBe('error connection_failed: No Redis answers at REDIS_URL.');
});

test('a refused key is answered with the names of the variables it comes from', () => {
  const error = new AgentError('auth', 'The service refused the key (401).');

  expect(errorLine(error)).toBe(
    'error auth: The service refused the key (401). The key comes from OPENAI_API_KEY, on Azure from AZURE_OPENAI_KEY ' +
      '(or AZURE_OPENAI_API_KEY).',
  );
});

test('an error of no known kind keeps its stack, because it is a bug', () => {
  expect(errorLine(new TypeError('boom'))).toContain('at ');
  expect(errorLine('text')).toBe('text');
});

test('an error nobody caught ends a script with one line on stderr and exit code 1', () => {
  const load = `const { modelSettings } = await import(${JSON.stringify(sourceFile('model-settings.ts'))});`;

  const result = runScript(`${load} modelSettings({ LLM_PROVIDER: 'gemini' });`);

  expect(result).toMatchObject({
    status: 1,
    stdout: '',
    stderr: 'error config_invalid: LLM_PROVIDER is "gemini"; valid values are openai and azure.\n',
  });
});

test('a reader that leaves early ends a script quietly with exit code 0', () => {
  const wordy = `for (let left = 1_000; left > 0; left -= 1) { process.stdout.write('x'.repeat(100_000)); await new Promise(setImmediate); }`;

  const result = runScript(wordy, '{ SCRIPT; echo "exit $?" >&2; } | head -c 10');

  expect(result).toMatchObject({ stdout: 'xxxxxxxxxx', stderr: 'exit 0\n' });
});
