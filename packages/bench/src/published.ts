// What is measured is what is published: the packages compiled as for npm, and this one beside them.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

const PACKAGES = resolve(import.meta.dirname, '../..');
const OUTPUT = join(PACKAGES, 'bench/node_modules/.compiled');
const MODULES = join(OUTPUT, 'node_modules');

interface Manifest {
  readonly name: string;
  readonly publishConfig: { readonly exports: unknown };
}

/** Compiles everything afresh and returns the folder the child processes run from. */
export function compile(): string {
  rmSync(OUTPUT, { recursive: true, force: true });
  compilePackage('core');
  compilePackage('openai');
  link('openai', 'openai');
  link('openai', 'eventsource-parser');
  const bench = join(OUTPUT, 'bench');
  tsc('bench', bench);
  return bench;
}

function compilePackage(directory: string): void {
  const { name, publishConfig } = JSON.parse(
    readFileSync(join(PACKAGES, directory, 'package.json'), 'utf8'),
  ) as Manifest;
  const target = join(MODULES, name);
  tsc(directory, join(target, 'dist'));
  writeFileSync(join(target, 'package.json'), JSON.stringify({ name, type: 'module', exports: publishConfig.exports }));
}

/** The very files the package itself would load. */
function link(directory: string, dependency: string): void {
  const target = join(MODULES, dependency);
  mkdirSync(dirname(target), { recursive: true });
  symlinkSync(realpathSync(join(PACKAGES, directory, 'node_modules', dependency)), target, 'junction');
}

function tsc(directory: string, outDir: string): void {
  const args = ['-p', join(PACKAGES, directory, 'tsconfig.build.json'), '--outDir', outDir];
  const { status } = spawnSync(join(PACKAGES, '../node_modules/.bin/tsc'), args, {
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  if (status !== 0) throw new Error(`packages/${directory} does not compile`);
}
