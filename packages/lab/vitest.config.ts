// The page's checks share one browser, so their files run one after another.
import { mergeConfig, type ViteUserConfig } from 'vitest/config';
import shared from '../../vitest.shared.ts';

const config: ViteUserConfig = mergeConfig(shared, { test: { maxWorkers: 1 } });

export default config;
