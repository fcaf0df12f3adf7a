// A child process that appends turns to a history until it finishes or is killed. Every turn it reports must be stored.
import { once } from 'node:events';
import { writeSync } from 'node:fs';
import { enableCompileCache } from 'node:module';
import type { HistoryProvider } from '@turnstream/core';

// Before the slow imports: a hundred writers are started, and all but the first find them in the compile cache.
enableCompileCache();
const { appendPatiently, turnOf } = await import('./history-check.ts');

const [module = '', argument = '', sessionId = '', name = '', turns = ''] = process.argv.slice(2);
const { openHistory } = (await import(module)) as {
  openHistory: (argument: string) => HistoryProvider | Promise<HistoryProvider>;
};
const history = await openHistory(argument);

writeSync(1, 'opened\n');
await once(process.stdin, 'data');

for (let turn = 1; turn <= Number(turns); turn += 1) {
  // Very different lengths, so that a kill hits some in mid-write.
  const filler = ` ${'.'.repeat((turn * 7919) % 50_000)}`;
  await appendPatiently(history, { sessionId }, turnOf(`${name}-${turn}`, filler));
  // Synchronous: a line still buffered when the process is killed would be a turn nobody checks.
  writeSync(1, `${turn}\n`);
}
process.exit(0);
