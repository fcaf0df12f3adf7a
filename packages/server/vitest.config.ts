// With the Postgres schemas of the run, which are dropped when it ends.
import { mergeConfig, type ViteUserConfig } from 'vitest/config';
import shared from '../../vitest.shared.ts';

const config: ViteUserConfig = mergeConfig(shared, { test: { globalSetup: ['test/store/drop-schemas.ts'] } });

export default config;
