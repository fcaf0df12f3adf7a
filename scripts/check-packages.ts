// Packs every public package and uses the tarballs as a stranger would: outside the workspace, with no leniency.
// `--keep FOLDER` keeps the tarballs that passed there.
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { catalogRange, everything, install, type Manager, tarballsOf, writePrograms } from './packed/consumer.ts';
import { problemsOf } from './packed/manifest.ts';
import { type Packed, packAll } from './packed/pack.ts';
import { FRONT_PAGE, notInstalled } from './packed/readme.ts';
import { run } from './packed/run.ts';

const NODE_24 = `npm:node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}@^24.0.0`;

const { keep } = parseArgs({ options: { keep: { type: 'string' } } }).values;
const temporary = mkdtempSync(join(tmpdir(), 'turnstream-packages-'));
try {
  const packed = await packAll(temporary);
  refuse(
    [FRONT_PAGE, ...packed.map(({ directory }) => directory)].flatMap((directory) =>
      notInstalled(directory).map((name) => `the install line in README.md of ${directory} lacks ${name}`),
    ),
  );
  const node24 = join(temporary, 'node-24/node_modules/node-24/bin/node');
  await Promise.all([
    lint(packed),
    types(packed),
    production(packed),
    install(join(temporary, 'node-24'), 'pnpm', { 'node-24': NODE_24 }),
    prepare('pnpm', packed, catalogRange('vitest')),
    prepare('npm', packed, catalogRange('vitest-previous')),
  ]);
  const root = (name: string): string => join(temporary, 'pnpm/node_modules', name);
  refuse(
    packed.flatMap(({ directory, manifest: { name } }) =>
      problemsOf(root(name), directory).map((problem) => `${name}: ${problem}`),
    ),
  );
  await Promise.all([use('pnpm', ['nodenext', 'browser'], node24), use('npm', ['bundler'], node24)]);
  if (keep !== undefined) {
    mkdirSync(keep, { recursive: true });
    for (const { tarball } of packed) copyFileSync(tarball, join(keep, basename(tarball)));
  }
  console.log(`${packed.length} packages: packed, linted, installed, type-checked and run outside the workspace`);
} finally {
  rmSync(temporary, { recursive: true });
}

async function lint(packed: readonly Packed[]): Promise<void> {
  for (const { manifest, tarball } of packed) {
    const { messages, pkg } = await publint({ pack: { tarball: new Uint8Array(readFileSync(tarball)).buffer } });
    const problems = messages.map((message) => formatMessage(message, pkg));
    if (problems.length > 0) throw new Error(`publint, ${manifest.name}: ${problems.join('; ')}`);
  }
}

async function types(packed: readonly Packed[]): Promise<void> {
  const folder = join(temporary, 'types');
  await install(folder, 'pnpm', { '@arethetypeswrong/core': catalogRange('@arethetypeswrong/core') });
  copyFileSync('scripts/packed/project/types.ts', join(folder, 'types.ts'));
  console.log(await run(process.execPath, ['types.ts', ...packed.map(({ tarball }) => tarball)], folder));
}

/** Only config and what it needs, as an image for production has it. */
async function production(packed: readonly Packed[]): Promise<void> {
  const folder = join(temporary, 'production');
  const names = ['core', 'openai', 'history', 'config'].map((name) => `@turnstream/${name}`);
  await install(folder, 'npm', tarballsOf(packed.filter(({ manifest }) => names.includes(manifest.name))));
  for (const name of ['msw', 'vitest', '@turnstream/testkit'])
    if (existsSync(join(folder, 'node_modules', name))) throw new Error(`@turnstream/config installs ${name}`);
  copyFileSync('scripts/packed/project/production.ts', join(folder, 'production.ts'));
  console.log(await run(process.execPath, ['production.ts'], folder));
}

async function prepare(manager: Manager, packed: readonly Packed[], vitest: string): Promise<void> {
  const folder = join(temporary, manager);
  await install(folder, manager, { ...everything(packed), '@types/node': catalogRange('@types/node'), vitest });
  writePrograms(folder, packed);
}

/** Type-checks the project of one package manager, and runs it on the oldest and the newest Node. */
async function use(manager: Manager, settings: readonly string[], node24: string): Promise<void> {
  const folder = join(temporary, manager);
  for (const name of settings) await run('tsc', ['-p', `tsconfig.${name}.json`], folder);
  for (const node of [process.execPath, node24]) {
    const version = (await run(node, ['--version'], folder)).trim();
    await run(node, ['main.ts'], folder);
    const tests = await run(node, ['node_modules/vitest/vitest.mjs', 'run'], folder);
    const [, vitest] = / v(\d\S*)/.exec(tests) ?? [];
    console.log(
      `${[manager, settings, `Node ${version}`, `Vitest ${vitest}`].flat().join(', ')}: entries, page, samples, testkit`,
    );
  }
}

/** Fails with everything that is wrong. */
function refuse(problems: readonly string[]): void {
  if (problems.length > 0) throw new Error(problems.join('\n'));
}
