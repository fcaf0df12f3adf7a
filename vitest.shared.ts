// What every package's vitest run has in common; the JSON report is what `pnpm test` counts.
import { fileURLToPath } from 'node:url';
import { defineConfig, type ViteUserConfig } from 'vitest/config';
import { compileCache } from './scripts/compile-cache.ts';
import { NEEDS } from './scripts/needs.ts';

const shared: ViteUserConfig = defineConfig({
  test: {
    environment: 'node',
    include: ['test/**/*.test.ts'],
    setupFiles: [fileURLToPath(new URL('vitest.setup.ts', import.meta.url))],
    // Guards against endless hanging, not a measure of speed: a busy machine may take its time.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 20_000 } },
    restoreMocks: true,
    unstubEnvs: true,
    unstubGlobals: true,
    tags: Object.entries(NEEDS).map(([name, { missing }]) => ({
      name,
      description: `skipped where there is ${missing}`,
    })),
    // The files of a package share one process: each would load the SDK, the schema libraries and the mock server anew.
    isolate: false,
    // A thread of Vitest's own process starts for less than two processes more: the worker and one that watches it.
    pool: 'threads',
    // The programs that tests start share their compiled code.
    env: { NODE_COMPILE_CACHE: compileCache },
    // Node loads the sources itself, as it does for every program here, without a transform and its wrappers.
    experimental: { viteModuleRunner: false, nodeLoader: false, diagnostics: false },
    reporters: ['default', ['json', { outputFile: '.vitest/report.json' }]],
  },
});

export default shared;
