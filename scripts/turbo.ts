// Starts turbo without its telemetry and its update check: a clone talks to the package registry and to nothing else.
import { spawnSync } from 'node:child_process';
import { compileCache } from './compile-cache.ts';

/** Runs turbo to its end and returns its exit code. */
export function turbo(args: readonly string[]): number {
  const { status } = spawnSync('turbo', args, {
    env: {
      ...process.env,
      NODE_COMPILE_CACHE: compileCache,
      TURBO_TELEMETRY_DISABLED: '1',
      TURBO_NO_UPDATE_NOTIFIER: '1',
    },
    shell: process.platform === 'win32',
    stdio: 'inherit',
  });
  return status ?? 1;
}

if (import.meta.main) process.exit(turbo(process.argv.slice(2)));
