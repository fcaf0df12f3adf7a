// A process of its own that adds turns and takes some back, until it is done or killed. It says each change before it
// tries it and how it went, so that what is stored can be worked out from what all processes said.
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

for (let turn = 1; turn <= Number(turns); turn += 1) {
  const filler = ` ${'.'.repeat((turn * 7919) % 50_000)}`;
  while (!(await tried('append', `${name}-${turn}`, filler)));
  if (turn % 2 === 0) while (!(await tried('truncate', '', '')));
}
process.exit(0);

/** False when somebody else was faster. A truncate takes back the last turn, whoever it is of. */
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

/** At once: a line that waits in this process when it is killed would be a change nobody knows of. */
function say(line: object): void {
  writeSync(1, `${JSON.stringify(line)}\n`);
}
