// Shared by packages that use the bundled packages only by name: their tests, and the programs these start, load the
// bundles that `pnpm test` made. The tests of a bundled package can't: they would load two copies of it.
import { mergeConfig, type ViteUserConfig } from 'vitest/config';
import shared from './vitest.shared.ts';

const preload = `--import=${new URL('scripts/use-test-bundles.ts', import.meta.url).href}`;

const byName: ViteUserConfig = mergeConfig(shared, {
  test:
    process.env['TEST_BUNDLES'] === undefined
      ? {}
      : { execArgv: [preload], env: { NODE_OPTIONS: `${process.env['NODE_OPTIONS'] ?? ''} ${preload}` } },
});

export default byName;
