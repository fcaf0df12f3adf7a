// What builds the site, installed on demand into a folder of its own: an install of the workspace does not wait for it.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const FOLDER = new URL('../vitepress/', import.meta.url);

/** Installs what the committed lockfile names, unless it is there. */
export function installTools(): void {
  if (textOf('node_modules/.pnpm/lock.yaml') === textOf('pnpm-lock.yaml')) return;
  run('npx', ['-y', 'pnpm@12', 'install', '--frozen-lockfile', '--silent']);
}

/** Builds the pages into `dist` beside it. */
export function buildPages(base: string): void {
  run(process.execPath, ['node_modules/vitepress/bin/vitepress.js', 'build', '.', '--base', base]);
}

/** The address of an installed module. By its address and not by its name, so that the compiler does not look for it. */
export function installed(path: string): string {
  return new URL(`node_modules/${path}`, FOLDER).href;
}

/** Null when there is no such file. */
function textOf(path: string): string | null {
  const file = new URL(path, FOLDER);
  return existsSync(file) ? readFileSync(file, 'utf8') : null;
}

/** Its output is shown when it fails. */
function run(command: string, args: readonly string[]): void {
  const { status, stdout, stderr } = spawnSync(command, args, {
    cwd: fileURLToPath(FOLDER),
    encoding: 'utf8',
    shell: process.platform === 'win32',
  });
  if (status === 0) return;
  throw new Error(`"${command} ${args.join(' ')}" ended with exit status ${status}\n${stdout}${stderr}`);
}
