// Starts turbo without its telemetry and its update check: a clone talks to the package registry and to nothing else.
import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { compileCache } from './compile-cache.ts';

/** Runs turbo to its end. `output: 'capture'` returns what it printed on stdout, `'show'` lets it print. */
export function turbo(args: readonly string[], output: 'show' | 'capture'): SpawnSyncReturns<string> {
  return spawnSync('turbo', args, {
    encoding: 'utf8',
    env: {
      ...process.env,
      NODE_COMPILE_CACHE: compileCache,
      TURBO_TELEMETRY_DISABLED: '1',
      TURBO_NO_UPDATE_NOTIFIER: '1',
    },
    maxBuffer: 64 * 1024 * 1024,
    shell: process.platform === 'win32',
    stdio: ['inherit', output === 'show' ? 'inherit' : 'pipe', 'inherit'],
  });
}

if (import.meta.main) process.exit(turbo(process.argv.slice(2), 'show').status ?? 1);
