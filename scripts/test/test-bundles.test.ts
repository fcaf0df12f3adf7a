// Chapter tests load bundles in place of the sources, and every entry has one.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { makeTestBundles, type TestBundles } from '../test-bundles.ts';

const root = new URL('../../', import.meta.url);
/** During `pnpm test`, the bundles that the other packages are loading. */
const bundles = process.env['TEST_BUNDLES'] ?? (await makeTestBundles());

test('a package name resolves to its bundle with the hook, and to its sources without it', () => {
  const env = { ...process.env, TEST_BUNDLES: bundles };
  const hook = `--import=${new URL('scripts/use-test-bundles.ts', root).href}`;
  const program = `process.stdout.write(import.meta.resolve('@turnstream/core'))`;
  const run = (options: readonly string[]): string =>
    execFileSync(process.execPath, [...options, '--input-type=module', '-e', program], {
      cwd: new URL('packages/config', root),
      env: { ...env, NODE_OPTIONS: '' },
      encoding: 'utf8',
    });

  const [bundled, unbundled] = [run([hook]), run([])];

  expect(bundled).toBe(new URL('packages/core/.vitest/bundle/index.js', root).href);
  expect(unbundled).toBe(new URL('packages/core/src/index.ts', root).href);
});

test('every entry of a bundled package and the SDK have a bundle', () => {
  const { files } = JSON.parse(readFileSync(bundles, 'utf8')) as TestBundles;

  const sources = Object.keys(files).map((file) => file.replace(/^node_modules\/.*\/node_modules\//, ''));

  expect(sources.toSorted()).toEqual([
    'openai/index.mjs',
    'packages/config/src/index.ts',
    'packages/core/src/index.ts',
    'packages/core/src/seams.ts',
    'packages/history/src/file.ts',
    'packages/history/src/postgres.ts',
    'packages/history/src/redis.ts',
    'packages/history/src/sqlite.ts',
    'packages/json-schema/src/index.ts',
    'packages/openai/src/index.ts',
    'packages/openai/src/transport/global-fetch.ts',
    'packages/openai/src/transport/node-transport.ts',
    'packages/testkit/src/demo/fetch.ts',
    'packages/testkit/src/demo/index.ts',
    'packages/testkit/src/index.ts',
    'packages/testkit/src/matchers/index.ts',
  ]);
});
