// Each sample prints what its README says, against the demo model.
import { startDemoModel } from '@turnstream/testkit';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';

let stop = async (): Promise<void> => {};
let address = '';

beforeAll(async () => {
  const model = await startDemoModel({ pace: { firstChunkDelayMs: 0, chunkDelayMs: 0 } });
  address = model.baseURL;
  stop = async () => model[Symbol.asyncDispose]();
});
afterAll(() => stop());
beforeEach(() => {
  vi.stubEnv('OPENAI_API_KEY', 'a-key');
  vi.stubEnv('OPENAI_BASE_URL', address);
});

/** What a sample printed. */
async function printed(load: () => Promise<unknown>): Promise<string> {
  const written: string[] = [];
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => written.push(String(text)) > 0);
  vi.spyOn(console, 'log').mockImplementation((...values) => void written.push(`${values.map(String).join(' ')}\n`));
  await load();
  vi.restoreAllMocks();
  return written.join('');
}

test.each([
  ['the front page', () => import('../src/readme.ts'), /^Python is a high-level[^]*\n1991\n$/],
  ['core', () => import('../src/core.ts'), /Paris.*18°C[^]*Oslo/],
  ['openai', () => import('../src/openai.ts'), /^The capital of France is Paris. \d+\n$/],
  ['ai-sdk', () => import('../src/ai-sdk.ts'), /^The capital of France is Paris/],
  ['history', () => import('../src/history.ts'), /teal/],
  ['json-schema', () => import('../src/json-schema.ts'), /object/],
  ['testkit', () => import('../src/testkit.ts'), /^Python is a language\.\nstream_truncated\n/],
  ['config', () => import('../src/config.ts'), /^The capital of France is Paris/],
  ['server', () => import('../src/server.ts'), /^Python is/],
  ['mcp', () => import('../src/mcp.ts'), /12:30/],
  ['otel', () => import('../src/otel.ts'), /^The capital of France is Paris/],
])('the sample of %s does what it says', async (_name, load, expected) => {
  expect(await printed(load)).toMatch(expected);
});
