// Bundles the packages that nearly every program here loads, for tests of packages that import them by name. A chapter's
// program then opens about 30 files instead of 430, which halves the CPU time of a short run. `pnpm test` makes the
// bundles; a test run without it (one package's own, or an editor's) loads the sources.
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

/** What to bundle: every published entry, or those listed. Testkit's contracts start programs from files beside them. */
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
  // First, because a leftover list would look up to date if this run were interrupted.
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

/** Inside the package, so that a bundle's imports resolve exactly as they do from the package's sources. */
const folderIn = (name: string): string => join(ROOT, 'packages', name, '.vitest/bundle');

async function bundleSdk(): Promise<BundledEntry[]> {
  await using bundle = await rolldown({ cwd: join(ROOT, 'packages/openai'), input: 'openai', platform: 'node' });
  const { output } = await bundle.write({ dir: folderIn('openai'), format: 'esm', entryFileNames: 'sdk.js' });
  const [{ facadeModuleId, fileName }] = output;
  return facadeModuleId === null ? [] : [{ source: facadeModuleId, file: resolve(folderIn('openai'), fileName) }];
}

function hashOfSources(): string {
  const hash = createHash('sha256');
  const packages = `packages/{${Object.keys(PACKAGES).join()}}/{package.json,src/**/*.ts}`;
  const files = globSync([packages, 'scripts/*bundle*.ts', 'pnpm-lock.yaml'], { cwd: ROOT });
  for (const file of files.toSorted()) hash.update(file).update(readFileSync(join(ROOT, file)));
  return hash.digest('hex');
}

/** Whether every bundle for this hash exists. */
function isListed(hash: string): boolean {
  if (!existsSync(BUNDLES)) return false;
  const list = JSON.parse(readFileSync(BUNDLES, 'utf8')) as TestBundles;
  return list.hash === hash && Object.values(list.files).every((file) => existsSync(join(ROOT, file)));
}
