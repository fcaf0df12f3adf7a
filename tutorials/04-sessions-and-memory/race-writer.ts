// One of the two processes of a race: asks one question in each store, and retries where the other one won.
import { once } from 'node:events';
import { chatClientFromEnv, reportErrors } from '@turnstream/config';
import { AgentError } from '@turnstream/core';
import { contestedStores } from './contested-stores.ts';
import type { Report } from './two-processes.ts';

reportErrors();
const [folder = '', question = ''] = process.argv.slice(2);

await using model = await chatClientFromEnv({ onNotice: () => {} });
for (const [name, storeIn] of Object.entries(contestedStores)) {
  const store = storeIn(folder);
  let hasMet = false;
  async function meetTheOther(): Promise<void> {
    if (hasMet) return;
    hasMet = true;
    report('midway');
    await once(process, 'message');
  }

  try {
    await store.turn(model.client, question, meetTheOther);
  } catch (error) {
    if (!(error instanceof AgentError)) throw error;
    report({ name, code: error.code });
    await store.turn(model.client, question, meetTheOther);
  }
}

function report(what: Report): void {
  process.send?.(what);
}
