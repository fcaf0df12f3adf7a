// A server in a process of its own, as it would run, with its defaults. Says where it is, and what it uses whenever it is
// asked. Arguments: the model's base URL, and the address of its store.
import { OpenAIResponsesClient } from '@turnstream/openai';
import { createApp } from '../src/app.ts';
import { openStoreAt } from '../test/store/address.ts';
import type { Memory } from './fork-server.ts';

const [baseURL = '', address = ''] = process.argv.slice(2);
const token = crypto.randomUUID();
const app = await createApp({
  agent: { client: new OpenAIResponsesClient({ model: 'timed', apiKey: 'none', baseURL }) },
  store: await openStoreAt(address),
  identity: { authenticate: ({ headers: { authorization = '' } }) => ownerOf(authorization) },
  // One user takes the place of many here.
  ceilings: { requestsPerMinute: 1_000_000, streamsPerUser: 1_000 },
  logger: { level: 'warn' },
  ui: { history: 'server' },
  openai: {},
  agui: { history: 'server' },
  a2a: { description: 'Answers.' },
});
const url = await app.listen({ host: '127.0.0.1', port: 0 });
process.on('message', (asked) => void (asked === 'cpu' ? cpuMs() : memory()).then((used) => process.send?.(used)));
// The store keeps its connections.
process.on('disconnect', () => void app.close().finally(() => process.exit()));
process.send?.({ url, token });

/** The token of user `eve` is the server's followed by `.eve`. */
function ownerOf(authorization: string): string | null {
  const [, sent, owner = 'local'] = /^Bearer ([^.]+)(?:\.(.+))?$/.exec(authorization) ?? [];
  return sent === token ? owner : null;
}

async function cpuMs(): Promise<number> {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}

async function memory(): Promise<Memory> {
  await globalThis.gc?.({ type: 'major', execution: 'async' });
  const { heapUsed, rss } = process.memoryUsage();
  return { liveBytes: heapUsed, residentBytes: rss };
}
