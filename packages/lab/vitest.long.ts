// The same for the checks that need more than seconds.
import { mergeConfig, type ViteUserConfig } from 'vitest/config';
import long from '../../vitest.long.ts';

const config: ViteUserConfig = mergeConfig(long, {
  test: { globalSetup: '../../scripts/browser-server.ts', maxWorkers: 1 },
});

export default config;
