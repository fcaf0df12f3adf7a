// A child process that appends turns to a history until it finishes or is killed. Every turn it reports must be stored.
import { fillerOf, report, started } from './history-child.ts';

const { appendPatiently, turnOf } = await import('./history-check.ts');

const { history, session, name, turns } = await started();
for (let turn = 1; turn <= turns; turn += 1) {
  await appendPatiently(history, session, turnOf(`${name}-${turn}`, fillerOf(turn)));
  report(`${turn}`);
}
process.exit(0);
