// Packs every public package and uses the tarballs as a stranger would: outside the workspace, with no leniency.
import { spawnSync } from 'node:child_process';
import { copyFileSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { turbo } from './turbo.ts';

interface Manifest {
  name: string;
  version: string;
  private?: boolean;
  peerDependencies?: Record<string, string>;
  publishConfig: { exports: Record<string, unknown> };
}

/** A packed package: where its tarball is, and what a consumer may import from it. */
interface Packed {
  manifest: Manifest;
  tarball: string;
  entries: string[];
}

const FOR_BROWSERS: readonly string[] = ['@turnstream/core', '@turnstream/core/seams', '@turnstream/server/client'];

function run(command: string, args: readonly string[], cwd: string): void {
  const env = { ...process.env, PATH: `${resolve('node_modules/.bin')}${delimiter}${process.env['PATH'] ?? ''}` };
  const { status } = spawnSync(command, args, { cwd, env, stdio: 'inherit', shell: process.platform === 'win32' });
  if (status !== 0) throw new Error(`"${command} ${args.join(' ')}" ended with exit status ${status} in ${cwd}`);
}

async function pack(directory: string, destination: string): Promise<Packed | undefined> {
  const manifest = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8')) as Manifest;
  if (manifest.private === true) return undefined;
  run('pnpm', ['--silent', 'pack', '--pack-destination', destination], directory);
  const tarball = join(destination, `${manifest.name.slice(1).replace('/', '-')}-${manifest.version}.tgz`);
  const { messages, pkg } = await publint({ pack: { tarball: new Uint8Array(readFileSync(tarball)).buffer } });
  for (const message of messages) console.error(`publint, ${manifest.name}: ${formatMessage(message, pkg)}`);
  if (messages.length > 0) throw new Error(`publint objects to ${manifest.name}`);
  const entries = Object.keys(manifest.publishConfig.exports)
    .filter((entry) => !entry.endsWith('.json'))
    .map((entry) => manifest.name + entry.slice(1));
  return { manifest, tarball, entries };
}

/** The version range the workspace itself uses: one catalog holds them all. */
function catalogRange(name: string): string {
  const line = new RegExp(`^ +["']?${name}["']?: (\\S+)$`, 'm').exec(readFileSync('pnpm-workspace.yaml', 'utf8'));
  if (line?.[1] === undefined) throw new Error(`${name} is missing in the catalog of pnpm-workspace.yaml`);
  return line[1];
}

/** A project that depends on the tarballs; `overrides`, because they ask for each other by version. */
function writeConsumer(directory: string, packed: readonly Packed[]): void {
  const write = (name: string, value: unknown): void => writeFileSync(join(directory, name), JSON.stringify(value));
  const tarballs = Object.fromEntries(packed.map(({ manifest, tarball }) => [manifest.name, `file:${tarball}`]));
  const peers = packed.flatMap(({ manifest }) => Object.keys(manifest.peerDependencies ?? {}));
  const ranges = ['@types/node', ...peers].map((name) => [name, catalogRange(name)]);
  write('package.json', { type: 'module', dependencies: { ...tarballs, ...Object.fromEntries(ranges) } });
  // JSON is YAML.
  write('pnpm-workspace.yaml', { packages: ['.'], overrides: tarballs, pmOnFail: 'ignore' });
  const strict = { target: 'es2025', module: 'nodenext', strict: true, skipLibCheck: false, noEmit: true };
  const lib = ['es2025', 'esnext.disposable'];
  write('tsconfig.json', { compilerOptions: { ...strict, lib, types: ['node'] }, files: ['main.ts', 'page.ts'] });
  // These promise to run where there is no Node, so they must type-check there as well.
  write('tsconfig.browser.json', {
    compilerOptions: { ...strict, lib: [...lib, 'dom'], types: [] },
    files: ['browser.ts'],
  });

  const entries = packed.flatMap((one) => one.entries);
  const importAll = (names: readonly string[]): string =>
    names
      .map(
        (name, index) =>
          `import * as entry${index} from '${name}';\nconsole.log('${name}', Object.keys(entry${index}).length, 'exports');\n`,
      )
      .join('');
  writeFileSync(join(directory, 'main.ts'), importAll(entries));
  copyFileSync('scripts/packed/page.ts', join(directory, 'page.ts'));
  writeFileSync(join(directory, 'browser.ts'), importAll(entries.filter((entry) => FOR_BROWSERS.includes(entry))));
}

// What a deleted source left behind would be packed.
for (const dist of globSync('packages/*/dist')) rmSync(dist, { recursive: true });
if (turbo(['run', 'build']) !== 0) process.exit(1);
const temporary = mkdtempSync(join(tmpdir(), 'turnstream-packages-'));
try {
  const packed: Packed[] = [];
  for (const directory of globSync('packages/*')) {
    const one = await pack(directory, temporary);
    if (one !== undefined) packed.push(one);
  }
  writeConsumer(temporary, packed);
  run('pnpm', ['--silent', 'install', '--prefer-offline', '--ignore-scripts'], temporary);
  run('tsc', ['-p', 'tsconfig.json'], temporary);
  run('tsc', ['-p', 'tsconfig.browser.json'], temporary);
  run('node', ['main.ts'], temporary);
  run('node', ['page.ts'], temporary);
  console.log(`${packed.length} packages: packed, linted, installed, type-checked and run outside the workspace`);
} finally {
  rmSync(temporary, { recursive: true });
}
