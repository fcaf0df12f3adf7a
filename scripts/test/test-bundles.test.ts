// The tests of chapters are only worth something if the bundles that they load are made from the sources of today.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { makeTestBundles, type TestBundles } from '../test-bundles.ts';

const root = new URL('../../', import.meta.url);

test('with the hook a package leads to its bundle, without it to its sources', async () => {
  const env = { ...process.env, TEST_BUNDLES: await makeTestBundles() };
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

test('every entry of a bundled package and the SDK have a bundle', async () => {
  const { files } = JSON.parse(readFileSync(await makeTestBundles(), 'utf8')) as TestBundles;

  expect(Object.keys(files).map((file) => file.replace(/^node_modules\/.*\/node_modules\//, ''))).toEqual(
    expect.arrayContaining(['packages/core/src/seams.ts', 'packages/testkit/src/demo/index.ts', 'openai/index.mjs']),
  );
});
