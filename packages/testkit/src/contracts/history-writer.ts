// A process of its own that adds turns to a history until it is done or killed. What it says was stored must be there.
import { writeSync } from 'node:fs';
import { enableCompileCache } from 'node:module';
import type { HistoryProvider } from '@turnstream/core';

// Before the imports that take long: a hundred writers are started, and all but the first find them compiled.
enableCompileCache();
const { appendPatiently, turnOf } = await import('./history-check.ts');

const [module = '', argument = '', sessionId = '', name = '', turns = ''] = process.argv.slice(2);
const { openHistory } = (await import(module)) as {
  openHistory: (argument: string) => HistoryProvider | Promise<HistoryProvider>;
};
const history = await openHistory(argument);

for (let turn = 1; turn <= Number(turns); turn += 1) {
  // Of very different lengths, so that a kill finds some of them half written.
  const filler = ` ${'.'.repeat((turn * 7919) % 50_000)}`;
  await appendPatiently(history, { sessionId }, turnOf(`${name}-${turn}`, filler));
  // At once: a line that waits in this process when it is killed would be a turn nobody can ask for.
  writeSync(1, `${turn}\n`);
}
process.exit(0);
