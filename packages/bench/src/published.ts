// What is measured is what is published: the packages compiled as for npm, and this one beside them.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const PACKAGES = resolve(import.meta.dirname, '../..');

interface Manifest {
  readonly name: string;
  readonly publishConfig: { readonly exports: unknown; readonly imports?: unknown };
}

/** The folder that child processes run from. Disposing removes it. */
export interface Compiled extends Disposable {
  readonly directory: string;
}

/** Compiles into a folder of its own, so that two runs of the benchmark leave each other alone. */
export function compile(): Compiled {
  const output = mkdtempSync(join(PACKAGES, 'bench/node_modules/.compiled-'));
  const modules = join(output, 'node_modules');
  compilePackage('core', modules);
  compilePackage('openai', modules);
  link('openai', 'openai', modules);
  link('openai', 'eventsource-parser', modules);
  const directory = join(output, 'bench');
  tsc('bench', directory);
  return { directory, [Symbol.dispose]: () => rmSync(output, { recursive: true, force: true }) };
}

function compilePackage(directory: string, modules: string): void {
  const { name, publishConfig } = JSON.parse(
    readFileSync(join(PACKAGES, directory, 'package.json'), 'utf8'),
  ) as Manifest;
  const target = join(modules, name);
  tsc(directory, join(target, 'dist'));
  writeFileSync(join(target, 'package.json'), JSON.stringify({ name, type: 'module', ...publishConfig }));
}

/** The very files the package itself would load. */
function link(directory: string, dependency: string, modules: string): void {
  symlinkSync(
    realpathSync(join(PACKAGES, directory, 'node_modules', dependency)),
    join(modules, dependency),
    'junction',
  );
}

function tsc(directory: string, outDir: string): void {
  const args = ['-p', join(PACKAGES, directory, 'tsconfig.build.json'), '--outDir', outDir];
  const { status } = spawnSync(join(PACKAGES, '../node_modules/.bin/tsc'), args, {
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  if (status !== 0) throw new Error(`packages/${directory} does not compile`);
}
