// A child process that appends and truncates turns until it finishes or is killed. It announces each change and reports
// its outcome, so that the expected history can be computed from the output of all processes.
import { fillerOf, report, started } from './history-child.ts';

const { isConflict, turnOf } = await import('./history-check.ts');

const { history, session, name, turns } = await started();
for (let turn = 1; turn <= turns; turn += 1) {
  while (!(await tried('append', `${name}-${turn}`, fillerOf(turn))));
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

function say(line: object): void {
  report(JSON.stringify(line));
}
