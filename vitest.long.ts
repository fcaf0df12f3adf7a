// The tests that need minutes (`test/**/*.long.ts`): what `pnpm test:long` runs in a package, beside the tests of `pnpm test`.
import { defineConfig, type ViteUserConfig } from 'vitest/config';
import shared from './vitest.shared.ts';

const long: ViteUserConfig = defineConfig({
  test: {
    ...shared.test,
    include: ['test/**/*.long.ts'],
    testTimeout: 600_000,
    pool: 'forks',
    reporters: ['default', ['json', { outputFile: '.vitest/long-report.json' }]],
  },
});

export default long;
