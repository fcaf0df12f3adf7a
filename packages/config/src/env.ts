// The environment variables of the workspace, read in one place: the process's own, then those of the root `.env` file.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { parseEnv } from 'node:util';
import { AgentError } from '@turnstream/core';

/** All variables that are read. `.env.example` at the root explains each. */
export const ENV_NAMES = [
  'LLM_PROVIDER',
  'LLM_MODEL',
  'OPENAI_API_KEY',
  'OPENAI_BASE_URL',
  'OPENAI_API',
  'MAF_NATIVE_EXECUTION',
  'AZURE_OPENAI_ENDPOINT',
  'AZURE_OPENAI_KEY',
  'AZURE_OPENAI_API_KEY',
  'AZURE_OPENAI_DEPLOYMENT',
  'AZURE_OPENAI_DEPLOYMENT_NAME',
  'AZURE_OPENAI_API_VERSION',
  'SESSION_BACKEND',
  'MAF_SESSION_BACKEND',
  'SESSION_DIR',
  'MAF_SESSION_DIR',
  'SQLITE_PATH',
  'DATABASE_URL',
  'REDIS_URL',
] as const;

/** Name of a variable that this package reads. */
export type EnvName = (typeof ENV_NAMES)[number];

/** The variables that have a value. What is not in here is not set. */
export type Env = Readonly<Partial<Record<EnvName, string>>>;

/** Options of `readEnv`. */
export interface ReadEnvOptions {
  /**
   * The `.env` file to read. By default the one next to `pnpm-workspace.yaml`, searched from the working directory
   * upwards.
   */
  readonly file?: string;
  /** The environment of the process; its values win over the file's, empty ones too. */
  readonly processEnv?: Readonly<Record<string, string | undefined>>;
}

/**
 * Reads the environment. Blank values and the placeholder key `sk-your-…` count as not set, so an unedited copy of
 * `.env.example` changes nothing. Throws `config_invalid` if the file exists but cannot be
 * read or is in UTF-16, which `>` writes in Windows PowerShell.
 */
export function readEnv(options: ReadEnvOptions = {}): Env {
  const merged = { ...valuesIn(options.file ?? rootEnvFile(process.cwd())), ...(options.processEnv ?? process.env) };
  const env: Partial<Record<EnvName, string>> = {};
  for (const name of ENV_NAMES) {
    const value = merged[name]?.trim() ?? '';
    if (value !== '' && !value.startsWith('sk-your-')) env[name] = value;
  }
  return env;
}

/** `.env` beside `pnpm-workspace.yaml`, or in `directory` itself when it is in no workspace. */
function rootEnvFile(directory: string): string {
  let folder = resolve(directory);
  while (!existsSync(join(folder, 'pnpm-workspace.yaml'))) {
    const parent = dirname(folder);
    if (parent === folder) return join(directory, '.env');
    folder = parent;
  }
  return join(folder, '.env');
}

function valuesIn(file: string): Record<string, string | undefined> {
  if (!existsSync(file)) return {};
  try {
    const text = readFileSync(file, 'utf8');
    // UTF-16 read as UTF-8 is full of NUL characters, and `parseEnv` would find no variable in it.
    if (text.includes('\0')) throw new TypeError('The file is not UTF-8.');
    // Some editors begin a file with a byte order mark, which would become part of the first name.
    return parseEnv(text.replace(/^\uFEFF/, ''));
  } catch (cause) {
    throw new AgentError(
      'config_invalid',
      `${file} cannot be read. Make it a readable text file in UTF-8, or remove it.`,
      { cause },
    );
  }
}
