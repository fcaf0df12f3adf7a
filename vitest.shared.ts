// What every package's vitest run has in common; the JSON report is what `pnpm test` counts.
import { defineConfig, type ViteUserConfig } from 'vitest/config';

const shared: ViteUserConfig = defineConfig({
  test: {
    environment: 'node',
    include: ['test/**/*.test.ts'],
    // Against hanging for ever, not a measure of speed: a busy machine may take its time.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 20_000 } },
    restoreMocks: true,
    unstubEnvs: true,
    unstubGlobals: true,
    experimental: { diagnostics: false },
    reporters: ['default', ['json', { outputFile: '.vitest/report.json' }]],
  },
});

export default shared;
