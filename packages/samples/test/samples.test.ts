// Each sample prints what its README says, against the demo model.
import { startDemoModel } from '@turnstream/testkit';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { EXPECTED } from '../expected.ts';

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
  // @ai-sdk/openai reads its address when it is loaded, which another file of this process may have done before.
  const { fetch } = globalThis;
  vi.stubGlobal('fetch', (input: string | URL, init?: RequestInit) =>
    fetch(String(input).replace('https://api.openai.com/v1', address), init),
  );
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

test.each(Object.entries(EXPECTED))('the sample of %s does what it says', async (name, expected) => {
  expect(await printed(() => import(`../src/${name}.ts`))).toMatch(expected);
});
