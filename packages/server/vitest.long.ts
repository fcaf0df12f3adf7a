// The same for the tests that need minutes.
import { mergeConfig, type ViteUserConfig } from 'vitest/config';
import long from '../../vitest.long.ts';

const config: ViteUserConfig = mergeConfig(long, { test: { globalSetup: ['test/store/drop-schemas.ts'] } });

export default config;
