// Most of these checks wait for a model or a page, so two files run at a time, each with its browser.
import { mergeConfig, type ViteUserConfig } from 'vitest/config';
import shared from '../../vitest.shared.ts';

const config: ViteUserConfig = mergeConfig(shared, { test: { maxWorkers: 2 } });

export default config;
