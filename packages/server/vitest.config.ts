import { mergeConfig, type ViteUserConfig } from 'vitest/config';
import shared from '../../vitest.shared.ts';

// One file replaces `node:dns` for itself alone, which takes isolation and Vite's loader.
const config: ViteUserConfig = mergeConfig(shared, {
  test: { isolate: true, experimental: { viteModuleRunner: true } },
});

export default config;
