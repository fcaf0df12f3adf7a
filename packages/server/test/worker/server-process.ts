// A whole server as a process of its own, with workers. Arguments: the address of its store, and the model's base URL.
// Prints where it listens.
import { writeSync } from 'node:fs';
import { OpenAIResponsesClient } from '@turnstream/openai';
import { createApp } from '../../src/app.ts';
import { TOKEN } from '../app-rig.ts';
import { openStoreAt } from '../store/address.ts';

const [address = '', baseURL = ''] = process.argv.slice(2);
const app = await createApp({
  agent: { client: new OpenAIResponsesClient({ model: 'gpt-4.1', apiKey: 'sk-secret-key', baseURL }) },
  store: await openStoreAt(address),
  identity: { token: TOKEN },
  logger: false,
});
writeSync(1, `${await app.listen({ host: '127.0.0.1', port: 0 })}\n`);
