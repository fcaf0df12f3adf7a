// A child process that appends and truncates turns until it finishes or is killed. It announces each change and reports
// its outcome, so that the expected history can be computed from the output of all processes.
import { once } from 'node:events';
import { writeSync } from 'node:fs';
import { enableCompileCache } from 'node:module';
import type { HistoryProvider } from '@turnstream/core';

enableCompileCache();
const { isConflict, turnOf } = await import('./history-check.ts');

const [module = '', argument = '', sessionId = '', name = '', turns = ''] = process.argv.slice(2);
const { openHistory } = (await import(module)) as {
  openHistory: (argument: string) => HistoryProvider | Promise<HistoryProvider>;
};
const history = await openHistory(argument);
const session = { sessionId };

writeSync(1, 'opened\n');
await once(process.stdin, 'data');

for (let turn = 1; turn <= Number(turns); turn += 1) {
  const filler = ` ${'.'.repeat((turn * 7919) % 50_000)}`;
  while (!(await tried('append', `${name}-${turn}`, filler)));
  if (turn % 2 === 0) while (!(await tried('truncate', '', '')));
}
process.exit(0);

/** False when another writer won. A truncate removes the last turn, whichever process wrote it. */
async function tried(change: 'append' | 'truncate', added: string, filler: string): Promise<boolean> {
  const { version, turnCount } = await history.load(session, { lastTurns: 0 });
  const kept = Math.max(0, turnCount - 1);
  say({ tries: version, ...(change === 'append' ? { added } : { kept }) });
  try {
    if (change === 'append') await history.append(session, turnOf(added, filler), version);
    else await history.truncate(session, kept, version);
    say({ stored: version });
    return true;
  } catch (error) {
    if (!isConflict(error)) throw error;
    say({ refused: version });
    return false;
  }
}

/** Synchronous: a line still buffered when the process is killed would be a change nobody knows about. */
function say(line: object): void {
  writeSync(1, `${JSON.stringify(line)}\n`);
}
