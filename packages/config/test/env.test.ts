import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test, vi } from 'vitest';
import { ENV_NAMES, readEnv } from '../src/env.ts';

const folder = mkdtempSync(join(tmpdir(), 'turnstream-env-'));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A `.env` file with this text, in a folder of its own. */
function envFile(text: string): string {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, '.env');
  writeFileSync(file, text);
  return file;
}

test('variables of the process win over those of the file', () => {
  const file = envFile('LLM_MODEL=from-file\nOPENAI_API_KEY=sk-file\n');

  const env = readEnv({ file, processEnv: { LLM_MODEL: 'from-process' } });

  expect(env).toEqual({ LLM_MODEL: 'from-process', OPENAI_API_KEY: 'sk-file' });
});

test('an empty variable of the process hides the one in the file', () => {
  const file = envFile('OPENAI_API_KEY=sk-file\n');

  const env = readEnv({ file, processEnv: { OPENAI_API_KEY: '' } });

  expect(env).toEqual({});
});

test('blank values and the placeholder key count as not set', () => {
  const file = envFile('OPENAI_API_KEY=sk-your-key-here\nLLM_MODEL="  "\nAZURE_OPENAI_KEY=\n');

  const env = readEnv({ file, processEnv: { AZURE_OPENAI_API_KEY: 'sk-your-other' } });

  expect(env).toEqual({});
});

test('quotes, comments, a byte order mark and Windows line ends are read as usual', () => {
  const file = envFile('\uFEFFLLM_MODEL="gpt 4" # the model\r\n# a comment\r\nexport LLM_PROVIDER=azure\r\n');

  const env = readEnv({ file, processEnv: {} });

  expect(env).toEqual({ LLM_MODEL: 'gpt 4', LLM_PROVIDER: 'azure' });
});

test('variables that are not of this workspace stay out', () => {
  const env = readEnv({ file: envFile('PATH=/nowhere\nSECRET=1\n'), processEnv: { HOME: '/home/x' } });

  expect(env).toEqual({});
});

test('the file is found beside pnpm-workspace.yaml, from any folder below it', () => {
  envFile('LLM_MODEL=from-root\n');
  writeFileSync(join(folder, 'pnpm-workspace.yaml'), '');
  const below = join(folder, 'tutorials', '01');
  mkdirSync(below, { recursive: true });
  writeFileSync(join(below, '.env'), 'LLM_MODEL=from-below\n');
  vi.spyOn(process, 'cwd').mockReturnValue(below);

  const env = readEnv({ processEnv: {} });

  expect(env).toEqual({ LLM_MODEL: 'from-root' });
});

test('outside a workspace the file of the working directory counts', () => {
  envFile('LLM_MODEL=from-here\n');
  vi.spyOn(process, 'cwd').mockReturnValue(folder);

  const env = readEnv({ processEnv: {} });

  expect(env).toEqual({ LLM_MODEL: 'from-here' });
});

test('a missing file is not an error', () => {
  const env = readEnv({ file: join(folder, 'missing', '.env'), processEnv: { LLM_MODEL: 'm' } });

  expect(env).toEqual({ LLM_MODEL: 'm' });
});

test('a file that cannot be read is config_invalid and named', () => {
  const directory = join(folder, '.env');
  mkdirSync(directory, { recursive: true });

  expect(() => readEnv({ file: directory, processEnv: {} })).toThrow(
    expect.objectContaining({ code: 'config_invalid', message: expect.stringContaining(directory) }),
  );
});

test('a file in UTF-16 throws config_invalid with its path', () => {
  const file = envFile('');
  writeFileSync(file, Buffer.from('\uFEFFOPENAI_API_KEY=sk-abc\r\n', 'utf16le'));

  expect(() => readEnv({ file, processEnv: {} })).toThrow(
    expect.objectContaining({ code: 'config_invalid', message: expect.stringMatching(`${file}.*UTF-8`) }),
  );
});

test('.env.example names every variable that is read, each under a comment of its own', () => {
  const lines = readFileSync(new URL('../../../.env.example', import.meta.url), 'utf8').split('\n');

  const named = lines.flatMap((line, index) => {
    const name = /^([A-Z_]+)=/.exec(line)?.[1];
    return name === undefined ? [] : [{ name, explained: lines[index - 1]?.startsWith('# ') ?? false }];
  });

  expect(named).toEqual(ENV_NAMES.map((name) => ({ name, explained: true })));
});

test('a copied .env.example configures nothing that is not the default', () => {
  const file = fileURLToPath(new URL('../../../.env.example', import.meta.url));

  const env = readEnv({ file, processEnv: {} });

  expect(env).toEqual({ LLM_PROVIDER: 'openai', LLM_MODEL: 'gpt-4.1', AZURE_OPENAI_API_VERSION: '2024-10-21' });
});

test('every variable in the list is used somewhere', () => {
  const files = ['model-settings.ts', 'native-execution.ts', 'history.ts', 'history-backends.ts'];
  const source = files.map((file) => readFileSync(new URL(`../src/${file}`, import.meta.url), 'utf8')).join('');

  const unused = ENV_NAMES.filter((name) => !new RegExp(`\\benv\\.${name}\\b|'${name}'`).test(source));

  expect(unused).toEqual([]);
});
