// What every package's vitest run has in common; the JSON report is what `pnpm test` counts.
import { defineConfig, type ViteUserConfig } from 'vitest/config';

const shared: ViteUserConfig = defineConfig({
  test: {
    environment: 'node',
    include: ['test/**/*.test.ts'],
    restoreMocks: true,
    unstubEnvs: true,
    unstubGlobals: true,
    experimental: { diagnostics: false },
    reporters: ['default', ['json', { outputFile: '.vitest/report.json' }]],
  },
});

export default shared;
