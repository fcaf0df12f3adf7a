import { mergeConfig, type ViteUserConfig } from 'vitest/config';
import shared from '../../vitest.shared.ts';

// Hundreds of model calls in one test take their time on a machine that does something else as well.
const config: ViteUserConfig = mergeConfig(shared, { test: { testTimeout: 30_000 } });

export default config;
