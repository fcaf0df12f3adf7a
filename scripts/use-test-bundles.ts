// Preload this to load bundles instead of the modules that they were made from.
import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { TestBundles } from './test-bundles.ts';

const bundles = process.env['TEST_BUNDLES'];
if (bundles !== undefined) {
  const { files } = JSON.parse(readFileSync(bundles, 'utf8')) as TestBundles;
  const urls = new Map(Object.entries(files).map(([source, file]) => [urlOf(source), urlOf(file)]));
  registerHooks({
    resolve(specifier, context, nextResolve) {
      const resolved = nextResolve(specifier, context);
      const url = urls.get(resolved.url);
      return url === undefined ? resolved : { ...resolved, url, format: 'module' };
    },
  });
}

function urlOf(path: string): string {
  return pathToFileURL(join(import.meta.dirname, '..', path)).href;
}
