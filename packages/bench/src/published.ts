// What is measured is what is published: the packages compiled as for npm, and this one beside them.
import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { rolldown } from 'rolldown';
import { type Certificate, makeCertificate } from './certificate.ts';

const PACKAGES = resolve(import.meta.dirname, '../..');

interface Manifest {
  readonly name: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly publishConfig: { readonly exports: unknown; readonly imports?: unknown };
}

/** The folders that child processes run from. Disposing removes them. */
export interface Compiled extends Disposable {
  readonly directory: string;
  /** The same as an app is bundled and minified, the SDK inside. */
  readonly bundled: string;
  readonly certificate: Certificate;
}

/** Compiles into a folder of its own, so that two runs of the benchmark leave each other alone. */
export async function compile(): Promise<Compiled> {
  const output = mkdtempSync(join(PACKAGES, 'bench/node_modules/.compiled-'));
  const modules = join(output, 'node_modules');
  compilePackage('core', modules);
  for (const name of ['openai', 'history', 'server']) compilePackage(name, modules);
  for (const name of ['openai', 'server']) linkDependencies(name, modules);
  link('bench', 'pg', modules);
  link('server', 'pg-boss', modules);
  const directory = join(output, 'bench');
  tsc('bench', directory);
  const bundled = join(output, 'bundled');
  await bundleApp(directory, bundled);
  const certificate = makeCertificate(output);
  return { directory, bundled, certificate, [Symbol.dispose]: () => rmSync(output, { recursive: true, force: true }) };
}

async function bundleApp(directory: string, target: string): Promise<void> {
  const input = ['measure', 'fake-model-process'].map((name) => join(directory, `${name}.js`));
  await using app = await rolldown({ input, platform: 'node' });
  await app.write({ dir: target, format: 'esm', minify: true });
}

function manifestOf(directory: string): Manifest {
  return JSON.parse(readFileSync(join(PACKAGES, directory, 'package.json'), 'utf8')) as Manifest;
}

function compilePackage(directory: string, modules: string): void {
  const { name, publishConfig } = manifestOf(directory);
  const target = join(modules, name);
  run(process.execPath, [join(PACKAGES, '../scripts/bundle.ts'), join(target, 'dist')], join(PACKAGES, directory));
  writeFileSync(join(target, 'package.json'), JSON.stringify({ name, type: 'module', ...publishConfig }));
}

function linkDependencies(directory: string, modules: string): void {
  const { dependencies = {} } = manifestOf(directory);
  for (const name of Object.keys(dependencies)) if (!name.startsWith('@turnstream/')) link(directory, name, modules);
}

/** The very files the package itself would load. */
function link(directory: string, dependency: string, modules: string): void {
  const target = join(modules, dependency);
  mkdirSync(dirname(target), { recursive: true });
  if (existsSync(target)) return;
  symlinkSync(realpathSync(join(PACKAGES, directory, 'node_modules', dependency)), target, 'junction');
}

function tsc(directory: string, outDir: string): void {
  const cwd = join(PACKAGES, directory);
  run(join(PACKAGES, '../node_modules/.bin/tsc'), ['-p', 'tsconfig.build.json', '--outDir', outDir], cwd);
}

function run(command: string, args: readonly string[], cwd: string): void {
  const { status } = spawnSync(command, args, { cwd, stdio: 'inherit', shell: process.platform === 'win32' });
  if (status !== 0) throw new Error(`${cwd} does not compile`);
}
