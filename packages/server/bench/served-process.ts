// A server in a process of its own, as it would run, with its defaults. Says where it is, and how much of its heap is alive
// whenever it is asked. Arguments: the model's base URL, and the address of its store.
import { OpenAIResponsesClient } from '@turnstream/openai';
import { createApp } from '../src/app.ts';
import { openStoreAt } from '../test/store/address.ts';

const [baseURL = '', address = ''] = process.argv.slice(2);
const token = crypto.randomUUID();
const app = await createApp({
  agent: { client: new OpenAIResponsesClient({ model: 'timed', apiKey: 'none', baseURL }) },
  store: await openStoreAt(address),
  identity: { token },
  // One user stands for many here.
  ceilings: { requestsPerMinute: 1_000_000, streamsPerUser: 1_000 },
  logger: { level: 'warn' },
});
const url = await app.listen({ host: '127.0.0.1', port: 0 });
process.on('message', () => void liveBytes().then((bytes) => process.send?.(bytes)));
// The store keeps its connections.
process.on('disconnect', () => void app.close().finally(() => process.exit()));
process.send?.({ url, token });

async function liveBytes(): Promise<number> {
  await globalThis.gc?.({ type: 'major', execution: 'async' });
  return process.memoryUsage().heapUsed;
}
