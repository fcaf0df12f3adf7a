// Copied into the consumer by check-packages: each README's sample prints what the README promises.
import { startDemoModel } from '@turnstream/testkit/demo';
import { EXPECTED } from './expected.ts';

const model = await startDemoModel({ pace: { firstChunkDelayMs: 0, chunkDelayMs: 0 } });
process.env['OPENAI_API_KEY'] = 'a-key';
process.env['OPENAI_BASE_URL'] = model.baseURL;
const { stdout } = process;
const write = stdout.write.bind(stdout);

for (const [name, expected] of Object.entries(EXPECTED)) {
  let printed = '';
  stdout.write = (text: string | Uint8Array): boolean => (printed += text).length > 0;
  try {
    await import(`./samples/${name}.ts`);
  } finally {
    stdout.write = write;
  }
  if (!expected.test(printed))
    throw new Error(`the sample of ${name} printed ${JSON.stringify(printed)}, not ${String(expected)}`);
}
console.log(`${Object.keys(EXPECTED).length} samples`);
