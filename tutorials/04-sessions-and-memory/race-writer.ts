// One of the two processes of a race: asks one question, and retries when the other one won.
import { once } from 'node:events';
import { chatClientFromEnv, reportErrors } from '@turnstream/config';
import { AgentError } from '@turnstream/core';
import { contestedStores } from './contested-stores.ts';

reportErrors();
const [name = '', folder = '', question = ''] = process.argv.slice(2);
const store = contestedStores[name]?.(folder);
if (store === undefined) throw new AgentError('config_invalid', `There is no store ${name}.`);

await using model = await chatClientFromEnv({ onNotice: () => {} });
try {
  await store.turn(model.client, question, meetTheOther);
} catch (error) {
  if (!(error instanceof AgentError)) throw error;
  process.send?.(error.code);
  await store.turn(model.client, question, async () => {});
}

async function meetTheOther(): Promise<void> {
  process.send?.('midway');
  await once(process, 'message');
}
