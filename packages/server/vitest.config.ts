// With the Postgres schemas of the run, which are dropped when it ends, and one browser for all files.
import { mergeConfig, type ViteUserConfig } from 'vitest/config';
import shared from '../../vitest.shared.ts';

const config: ViteUserConfig = mergeConfig(shared, {
  test: {
    globalSetup: ['test/store/drop-schemas.ts', '../../scripts/browser-server.ts'],
    // Most of these tests wait: for a browser, a database, another process.
    maxWorkers: 2,
    // Threads would share one process, and what is timed here would wait for the other file.
    pool: 'forks',
  },
});

export default config;
