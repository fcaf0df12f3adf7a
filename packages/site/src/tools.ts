// What builds the site, installed on demand into a folder of its own: an install of the workspace does not wait for it.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const FOLDER = new URL('../vitepress/', import.meta.url);

/** Installs what the committed lockfile names; takes less than a second when it is there. */
export function installTools(): void {
  run('pnpm', ['install', '--frozen-lockfile', '--silent']);
}

/** Builds the pages into `dist` beside it. */
export function buildPages(base: string): void {
  run('node', ['node_modules/vitepress/bin/vitepress.js', 'build', '.', '--base', base]);
}

/** The address of an installed module. By its address and not by its name, so that the compiler does not look for it. */
export function installed(path: string): string {
  return new URL(`node_modules/${path}`, FOLDER).href;
}

function run(command: string, args: readonly string[]): void {
  const { status } = spawnSync(command, args, {
    cwd: fileURLToPath(FOLDER),
    shell: process.platform === 'win32',
    stdio: 'inherit',
  });
  if (status !== 0) throw new Error(`"${command} ${args.join(' ')}" ended with exit status ${status}`);
}
