import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { equal, exercise, expected } from '@turnstream/learn/check';
import { reply } from '@turnstream/testkit';
import type * as Problem from './problem.ts';

const QUESTIONS = ['Do you have mugs?', 'Which is the largest?'] as const;

/** File contents that are not a session: half of one, and something else. */
const DAMAGED: readonly string[] = [
  '{"type":"agent_session","version":1,"sessionId":"ada","serviceSessionId":null,"state":{"history":{"turns":[[{"ro',
  '{"type":"shopping_cart","items":[]}',
];

export const check = exercise<typeof Problem>(async ({ load, model }) => {
  const { ask } = await load('ask');
  const { client, requests } = await model(reply('Yes, three.'), reply('The white one.'));
  const folder = await mkdtemp(join(tmpdir(), 'damaged-'));
  try {
    const file = join(folder, 'ada.json');
    for (const damaged of DAMAGED) {
      await writeFile(file, damaged);
      const how = await ask(client, QUESTIONS[0], file).catch(() => 'rejected');
      const isAsItWas = (await readFile(file, 'utf8')) === damaged;
      expected('the damaged file to be left as it was', isAsItWas, 'it was overwritten with a new conversation');
      expected('`ask` to reject with a damaged file', how === 'rejected', `it resolved with "${how}"`);
      equal('the number of times the model was asked about a damaged file', requests.length, 0);
    }

    await rm(file);
    const first = await ask(client, QUESTIONS[0], file);
    await ask(client, QUESTIONS[1], file);

    equal('the answer without a file', first, 'Yes, three.');
    equal('the messages of the next request', requests[1]?.texts, [QUESTIONS[0], 'Yes, three.', QUESTIONS[1]]);
  } finally {
    await rm(folder, { recursive: true });
  }
});
