// Starts turbo without its telemetry and its update check: a clone talks to the package registry and to nothing else.
import { type SpawnSyncOptions, spawnSync } from 'node:child_process';
import { compileCache } from './compile-cache.ts';

/** One task of one package, and whether turbo has its result already. */
export interface PlannedTask {
  task: string;
  /** `<NONEXISTENT>` when the package has no such script. */
  command: string;
  directory: string;
  cache: { status: 'HIT' | 'MISS' };
}

/** Runs turbo to its end and returns its exit code. */
export function turbo(args: readonly string[], env: Readonly<Record<string, string>> = {}): number {
  return spawnSync('turbo', args, { ...started(env), stdio: 'inherit' }).status ?? 1;
}

/** What `turbo(args)` would do. None when turbo refuses the arguments, which it says itself. */
export function planTurbo(args: readonly string[]): PlannedTask[] {
  const { status, stdout } = spawnSync('turbo', [...args, '--dry=json'], {
    ...started(),
    stdio: ['ignore', 'pipe', 'inherit'],
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  return status === 0 ? (JSON.parse(stdout) as { tasks: PlannedTask[] }).tasks : [];
}

const started = (env: Readonly<Record<string, string>> = {}): SpawnSyncOptions => ({
  env: {
    ...process.env,
    NODE_COMPILE_CACHE: compileCache,
    TURBO_TELEMETRY_DISABLED: '1',
    TURBO_NO_UPDATE_NOTIFIER: '1',
    ...env,
  },
  shell: process.platform === 'win32',
});

if (import.meta.main) process.exit(turbo(process.argv.slice(2)));
