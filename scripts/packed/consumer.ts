// Projects that depend on the tarballs: one for each package manager, and one that installs as in production.
import { copyFileSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Packed } from './pack.ts';
import { FRONT_PAGE, installLine, sampleOf } from './readme.ts';
import { run } from './run.ts';

const PROGRAMS = 'scripts/packed/project';
const FOR_BROWSERS = ['@turnstream/core', '@turnstream/core/seams', '@turnstream/server/client'];

export type Manager = 'npm' | 'pnpm';
export type Dependencies = Readonly<Record<string, string>>;

/** The version range the workspace itself uses: one catalog holds them all. */
export function catalogRange(name: string): string {
  const line = new RegExp(`^ +["']?${name}["']?: (\\S+)$`, 'm').exec(readFileSync('pnpm-workspace.yaml', 'utf8'));
  if (line?.[1] === undefined) throw new Error(`${name} is missing in the catalog of pnpm-workspace.yaml`);
  return line[1];
}

export function tarballsOf(packed: readonly Packed[]): Dependencies {
  return Object.fromEntries(packed.map(({ manifest, tarball }) => [manifest.name, `file:${tarball}`]));
}

/** What the READMEs tell to install, and the optional libraries behind the other entries. */
export function everything(packed: readonly Packed[]): Dependencies {
  const peers = packed.flatMap(({ manifest }) => Object.keys(manifest.peerDependencies ?? {}));
  const named = packed.flatMap(({ directory }) => installLine(directory));
  const others = [...peers, ...named].filter((name) => !name.startsWith('@turnstream/'));
  return { ...Object.fromEntries(others.map((name) => [name, catalogRange(name)])), ...tarballsOf(packed) };
}

/** Writes the manifest of a project into an empty folder and installs it. */
export async function install(folder: string, manager: Manager, dependencies: Dependencies): Promise<void> {
  mkdirSync(folder);
  writeJson(join(folder, 'package.json'), { type: 'module', private: true, dependencies });
  if (manager === 'npm') return void (await run('npm', ['install', '--prefer-offline', '--ignore-scripts'], folder));
  // The packages ask for each other by version, which only pnpm looks for in the registry. JSON is YAML.
  const overrides = Object.fromEntries(
    Object.entries(dependencies).filter(([name]) => name.startsWith('@turnstream/')),
  );
  writeJson(join(folder, 'pnpm-workspace.yaml'), { packages: ['.'], overrides, pmOnFail: 'ignore' });
  await run('pnpm', ['install', '--prefer-offline', '--ignore-scripts'], folder);
}

/** Writes the programs that use every entry of the packages, and compiler settings without leniency. */
export function writePrograms(folder: string, packed: readonly Packed[]): void {
  for (const program of globSync(`${PROGRAMS}/*`)) copyFileSync(program, join(folder, basename(program)));
  mkdirSync(join(folder, 'samples'));
  const samples = [FRONT_PAGE, ...packed.map(({ directory }) => directory)].map(sampleOf);
  for (const sample of samples) copyFileSync(sample, join(folder, 'samples', basename(sample)));
  copyFileSync('packages/samples/expected.ts', join(folder, 'expected.ts'));
  const entries = packed.flatMap((one) => one.entries);
  // Contracts and matchers need Vitest to be running.
  const inNode = entries.filter((entry) => !/\/(?:contracts|matchers)$/.test(entry));
  writeFileSync(join(folder, 'all.ts'), importAll(entries));
  writeFileSync(
    join(folder, 'main.ts'),
    `${importAll(inNode)}await import('./page.ts');\nawait import('./samples.ts');\n`,
  );
  writeFileSync(join(folder, 'browser.ts'), importAll(entries.filter((entry) => FOR_BROWSERS.includes(entry))));
  writeSettings(folder);
}

function writeSettings(folder: string): void {
  const strict = {
    target: 'es2025',
    strict: true,
    skipLibCheck: false,
    noEmit: true,
    allowImportingTsExtensions: true,
  };
  const lib = ['es2025', 'esnext.disposable'];
  const files = ['all.ts', 'main.ts', 'production.ts', 'testkit.test.ts'];
  const node = { ...strict, types: ['node'] };
  const settings = {
    nodenext: { compilerOptions: { ...node, lib, module: 'nodenext' }, files },
    bundler: {
      compilerOptions: { ...node, lib: [...lib, 'dom'], module: 'esnext', moduleResolution: 'bundler' },
      // Libraries that the samples use need the types of browsers.
      files: [...files, ...globSync('samples/*.ts', { cwd: folder })],
    },
    // These promise to run where there is no Node, so they must type-check there as well.
    browser: {
      compilerOptions: { ...strict, module: 'nodenext', lib: [...lib, 'dom'], types: [] },
      files: ['browser.ts'],
    },
  };
  for (const [name, value] of Object.entries(settings)) writeJson(join(folder, `tsconfig.${name}.json`), value);
}

function importAll(names: readonly string[]): string {
  const lines = names.map(
    (name, index) =>
      `import * as entry${index} from '${name}';\nif (Object.keys(entry${index}).length === 0) throw new Error('${name} exports nothing');\n`,
  );
  return lines.join('');
}

function writeJson(path: string, value: unknown): void {
  writeFileSync(path, JSON.stringify(value, null, 2));
}
