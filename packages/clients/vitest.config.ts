import { mergeConfig, type ViteUserConfig } from 'vitest/config';
import shared from '../../vitest.by-name.ts';

const config: ViteUserConfig = mergeConfig(shared, {
  test: {
    globalSetup: '../../scripts/browser-server.ts',
    // Two of these libraries send traces to their makers when a variable says so.
    env: { LANGSMITH_TRACING: 'false', LANGCHAIN_TRACING_V2: 'false', OPENAI_AGENTS_DISABLE_TRACING: '1' },
  },
});

export default config;
