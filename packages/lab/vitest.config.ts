// The files share one browser, and two of them run at a time: while one waits for the page, the other has the processor.
import { mergeConfig, type ViteUserConfig } from 'vitest/config';
import shared from '../../vitest.shared.ts';

const config: ViteUserConfig = mergeConfig(shared, {
  test: { globalSetup: '../../scripts/browser-server.ts', maxWorkers: 2, pool: 'forks' },
});

export default config;
