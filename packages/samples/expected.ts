// What the samples print when the demo model answers. Also read by scripts/packed, which runs them outside the workspace.

export const EXPECTED: Readonly<Record<string, RegExp>> = {
  readme: /^Python is a high-level[^]*\n1991\n$/,
  core: /Paris.*18°C[^]*Oslo/,
  openai: /^The capital of France is Paris. \d+\n$/,
  'ai-sdk': /^The capital of France is Paris/,
  history: /teal/,
  'json-schema': /object/,
  testkit: /^Python is a language\.\nstream_truncated\n/,
  config: /^The capital of France is Paris/,
  server: /^Python is[^]*1991/,
  mcp: /12:30/,
  otel: /^The capital of France is Paris/,
};
