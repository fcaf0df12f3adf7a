// Prints what the article claims, played over everything that should not matter; and the rows of the conformance table.
// Run: node report.ts
import { checkAll, rows } from './conformance/check-all.ts';
import { table } from './conformance/table.ts';
import { turnstream } from './conformance/turnstream-adapter.ts';
import { type SessionUse, serviceNames, sessionUses, type Verb, verbNames } from './matrix/axes.ts';
import type { Seen } from './matrix/cell.ts';
import { type Played, playAll } from './matrix/matrix.ts';
import { storeNames } from './matrix/stores.ts';

const played: Played[] = [];
const histories: string[] = [];
for (const store of storeNames) {
  const cells = await playAll(store);
  histories.push(cells === null ? `${store} (does not answer)` : store);
  played.push(...(cells ?? []));
}

console.log('How the answer comes is decided by the verb, what the model reads by the session.\n');
console.log(aligned(verbNames.map((verb) => [verb, ...sessionUses.map((use) => summary(verb, use))])));
console.log(`\nEach cell over ${histories.length} histories (${histories.join(', ')})`);
console.log(`and ${serviceNames.length} services (${serviceNames.join('; ')}).`);
const refused = played.filter(({ seen }) => seen.kind === 'refused').length;
console.log(`Chat Completions has no background: ${refused} cells are refused before anything is sent.`);

console.log(
  '\nWhat a caller relies on when the wire misbehaves; compared with other libraries: docs/reference/conformance.md\n',
);
console.log(table(rows, [{ title: 'this library', checked: await checkAll(turnstream) }]));

/** What the cells at one place of the table agree on, and how many do; more than one line when they do not. */
function summary(verb: Verb, sessionUse: SessionUse): string {
  const counts = new Map<string, number>();
  for (const cell of played) {
    if (cell.verb !== verb || cell.sessionUse !== sessionUse || cell.seen.kind === 'refused') continue;
    const said = wordsOf(cell.seen);
    counts.set(said, (counts.get(said) ?? 0) + 1);
  }
  return [...counts].map(([said, count]) => `${said} (${count})`).join(' / ');
}

function wordsOf({ words, wire, inputs }: Extract<Seen, { kind: 'answered' }>): string {
  const said = words.length > 16 ? `${words.slice(0, 15)}…` : words;
  return `${wire}; read ${inputs.length}, said "${said}"`;
}

function aligned(lines: readonly (readonly string[])[]): string {
  const all = [['', ...sessionUses], ...lines];
  const widths = all[0]?.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0))) ?? [];
  return all
    .map((row) =>
      row
        .map((text, column) => text.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
