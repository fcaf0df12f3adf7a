// With the browser of a test run.
import { mergeConfig, type ViteUserConfig } from 'vitest/config';
import shared from '../../vitest.shared.ts';

const config: ViteUserConfig = mergeConfig(shared, { test: { globalSetup: '../../scripts/browser-server.ts' } });

export default config;
