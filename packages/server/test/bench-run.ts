// Runs a program of `bench/` and looks at what it prints.
import { spawnSync } from 'node:child_process';
import { expect } from 'vitest';

export function run(program: string, ...args: string[]): string {
  const options = { cwd: new URL('..', import.meta.url), encoding: 'utf8' } as const;
  return spawnSync(process.execPath, [`bench/${program}.ts`, ...args], options).stdout;
}

export function expectSoak({ streams, seconds }: { readonly streams: number; readonly seconds: number }): void {
  const printed = run('soak', '--streams', String(streams), '--seconds', String(seconds));

  expect(printed).toMatch(new RegExp(`^${streams} streams at once for ${seconds} s`));
  expect(printed).toMatch(/^model connections while it lasted +[1-9]/m);
  expect(printed).toMatch(/^answers that failed +0 +at most 0: ok$/m);
  expect(printed).toMatch(/^model connections 3 s after the last reader left +0 +at most 0: ok$/m);
}
