// One run for the tests of several packages, which `pnpm test` makes of those that turbo has no result of. Its processes
// load the SDKs, the mock server and the browser once instead of once for each package, and compile hot code once.
import { defineConfig, type ViteUserConfig } from 'vitest/config';
import shared from './vitest.shared.ts';

const config: ViteUserConfig = defineConfig({
  test: {
    ...shared.test,
    include: ['{packages,tutorials}/*/test/**/*.test.ts', 'scripts/test/**/*.test.ts'],
    globalSetup: ['packages/server/test/store/drop-schemas.ts', 'scripts/browser-server.ts'],
    // Threads would share one process, and what is timed in one file would wait for the others.
    pool: 'forks',
    // More than there are cores: many tests wait for another process, a database or the page.
    maxWorkers: 4,
  },
});

export default config;
