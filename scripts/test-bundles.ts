// Bundles what nearly every program here loads, for the tests of packages that use it by name: a chapter's program then
// opens some thirty files instead of 430, which is half the CPU time of a short run. `pnpm test` makes the bundles;
// a test run without it (one package's own, or an editor's) loads the sources.
import { createHash } from 'node:crypto';
import { existsSync, globSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { rolldown } from 'rolldown';
import { type BundledEntry, bundlePackage } from './bundle.ts';

/** What is written to {@link BUNDLES}. */
export interface TestBundles {
  /** Covers every file that the bundles were made from. */
  readonly hash: string;
  /** The bundle of each module that is bundled; both paths are relative to the root of the repository. */
  readonly files: Readonly<Record<string, string>>;
}

const ROOT = join(import.meta.dirname, '..');
const BUNDLES = join(ROOT, 'node_modules/.cache/test-bundles.json');

/** The packages, and their entries where not all that npm gets are wanted: the contracts start programs beside them. */
const PACKAGES: Readonly<Record<string, readonly string[] | undefined>> = {
  core: undefined,
  'json-schema': undefined,
  openai: undefined,
  history: undefined,
  testkit: ['index', 'demo/index', 'demo/fetch', 'matchers/index'],
  config: undefined,
};

/** Makes the bundles unless they are there already, and returns the file that lists them. */
export async function makeTestBundles(): Promise<string> {
  const hash = hashOfSources();
  if (isListed(hash)) return BUNDLES;
  // A list that outlived its bundles would pass for current if this run ends halfway.
  rmSync(BUNDLES, { force: true });
  const packages = Object.entries(PACKAGES).map(([name, entries]) =>
    bundlePackage(join(ROOT, 'packages', name), folderIn(name), entries),
  );
  const bundled = (await Promise.all([...packages, bundleSdk()])).flat();
  const files = bundled.map(({ source, file }) => [relative(ROOT, source), relative(ROOT, file)]);
  mkdirSync(join(BUNDLES, '..'), { recursive: true });
  const written = `${BUNDLES}.${process.pid}`;
  writeFileSync(written, JSON.stringify({ hash, files: Object.fromEntries(files) } satisfies TestBundles));
  renameSync(written, BUNDLES);
  return BUNDLES;
}

/** Inside the package, where the names that a bundle imports lead to what they lead to from the package's sources. */
const folderIn = (name: string): string => join(ROOT, 'packages', name, '.vitest/bundle');

async function bundleSdk(): Promise<BundledEntry[]> {
  await using bundle = await rolldown({ cwd: join(ROOT, 'packages/openai'), input: 'openai', platform: 'node' });
  const { output } = await bundle.write({ dir: folderIn('openai'), format: 'esm', entryFileNames: 'sdk.js' });
  const [{ facadeModuleId, fileName }] = output;
  return facadeModuleId === null ? [] : [{ source: facadeModuleId, file: resolve(folderIn('openai'), fileName) }];
}

function hashOfSources(): string {
  const hash = createHash('sha256');
  const sources = globSync(
    [`packages/{${Object.keys(PACKAGES).join()}}/{package.json,src/**/*.ts}`, 'scripts/*bundle*.ts'],
    {
      cwd: ROOT,
    },
  );
  for (const file of [...sources.toSorted(), 'pnpm-lock.yaml'])
    hash.update(file).update(readFileSync(join(ROOT, file)));
  return hash.digest('hex');
}

/** Whether the bundles of these sources are there, each of them. */
function isListed(hash: string): boolean {
  if (!existsSync(BUNDLES)) return false;
  const list = JSON.parse(readFileSync(BUNDLES, 'utf8')) as TestBundles;
  return list.hash === hash && Object.values(list.files).every((file) => existsSync(join(ROOT, file)));
}
