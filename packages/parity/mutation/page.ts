// docs/reference/mutation.md and .json: the score of every room, and each mutant that no test notices.
import { writeFileSync } from 'node:fs';
import type { Draw } from './draw.ts';
import type { Fate, Measured } from './measure.ts';
import { TARGETS } from './targets.ts';
import { BUDGET_MS } from './within-budget.ts';

const docs = (file: string): URL => new URL(`../../../docs/reference/${file}`, import.meta.url);

export function writePage(measured: readonly Measured[], draw: Draw): void {
  const fates = measured.flatMap((each) => each.fates);
  const survivors = fates.filter((fate) => !isNoticed(fate));
  writeFileSync(
    docs('mutation.md'),
    `${intro(measured, draw)}

${scores(fates)}

## Survivors

No test notices these ${survivors.length} mutants, some of which change nothing that a caller could see. "Not run" means that
no test reaches the line.

${byFile(survivors)}
`,
  );
  const rooms = roomsOf(fates).map(([room, drawn]) => ({ room, ...counts(drawn) }));
  writeFileSync(
    docs('mutation.json'),
    `${JSON.stringify({ draw, rooms, survivors: survivors.map(shown) }, null, 2)}\n`,
  );
}

export function survivorLines(fates: readonly Fate[]): readonly string[] {
  return fates.filter((fate) => !isNoticed(fate)).map((fate) => `${pathOf(fate)}:${fate.line} ${mutation(fate)}`);
}

function intro(measured: readonly Measured[], { seed, share, least }: Draw): string {
  const fates = measured.flatMap((each) => each.fates);
  const reached = score(fates) / 100;
  const margin = 196 * Math.sqrt((reached * (1 - reached)) / fates.length);
  const found = measured.map((each) => `${each.found} in ${each.package}`).join(', ');
  const tests = TARGETS.map(
    ({ name, tests: files }) => `- \`${name}\`: ${files.map((file) => `\`${file}\``).join(', ')}`,
  );
  return `# Mutation testing

How many small bugs the tests catch: an inverted comparison, a branch that is always taken, an empty block, a missing
text. Generated; to regenerate it:

\`\`\`sh
npx -y pnpm@12 --filter @turnstream/parity mutation --share ${share} --least ${least} --seed ${seed}
\`\`\`

Stryker's instrumenter mutates everything that decides: all of core, openai and history, and in server the routes,
the protocols, the worker and what they use. There are ${found}.
Mutants that run only while a module loads, or only the first time in a process, are not tried.
Of the others, ${Math.round(share * 100)} % of each file are chosen, by a hash with the seed \`${seed}\`, and at least ${least} (all, if there are fewer):
${fates.length}. A score weighs each file by the number of its mutants. The total is **${(100 * reached).toFixed(1)} %**, give or take ${margin.toFixed(1)} points (95 %).

A mutant is caught when a test that runs it fails or takes ten times as long as usual. It is tried with the tests of its own room, then with
the quickest ones, up to ${BUDGET_MS / 1_000} s of CPU, so a survivor may be one that only a slow test would catch. The tests:

${tests.join('\n')}`;
}

function scores(fates: readonly Fate[]): string {
  const rows = roomsOf(fates).map(([room, ofRoom]) => {
    const { tried, noticed, timedOut, score: reached } = counts(ofRoom);
    const cells = [room, tried, noticed, timedOut, `${reached.toFixed(1)} %`];
    return `| ${cells.map((cell) => (room.includes('/') ? cell : `**${cell}**`)).join(' | ')} |`;
  });
  return ['| room | tried | noticed | of these by time | score |', '|---|--:|--:|--:|--:|', ...rows].join('\n');
}

interface Counts {
  readonly mutants: number;
  readonly tried: number;
  readonly noticed: number;
  readonly timedOut: number;
  readonly score: number;
}

function counts(fates: readonly Fate[]): Counts {
  return {
    mutants: Math.round(fates.reduce((sum, { weight }) => sum + weight, 0)),
    tried: fates.length,
    noticed: fates.filter(isNoticed).length,
    timedOut: fates.filter(({ status }) => status === 'noticed by time').length,
    score: Math.round(score(fates) * 10) / 10,
  };
}

/** Each package, followed by its rooms. */
function roomsOf(fates: readonly Fate[]): readonly (readonly [string, readonly Fate[]])[] {
  return [...Map.groupBy(fates, (fate) => fate.package)].flatMap(([name, drawn]) => [
    [name, drawn] as const,
    ...Map.groupBy(drawn, ({ file }) => `${name}/${file.split('/')[0]}`),
  ]);
}

function byFile(fates: readonly Fate[]): string {
  if (fates.length === 0) return 'None.';
  return [...Map.groupBy(fates, pathOf)]
    .map(([path, ofFile]) =>
      [`\`${path}\``, '', ...ofFile.map((fate) => `- ${fate.line}: ${mutation(fate)}`)].join('\n'),
    )
    .join('\n\n');
}

function mutation(fate: Fate): string {
  const { original, replacement } = shown(fate);
  const notRun = fate.status === 'not run' ? ' (not run)' : '';
  return `${code(original)} → ${replacement === '' ? 'nothing' : code(replacement)}${notRun}`;
}

function shown(fate: Fate): { file: string; line: number; original: string; replacement: string } {
  const { line, original, replacement } = fate;
  return { file: pathOf(fate), line, original: oneLine(original), replacement: oneLine(replacement) };
}

function pathOf(fate: Fate): string {
  return `${fate.package}/${fate.file}`;
}

function oneLine(text: string): string {
  const flat = text.replaceAll(/\s+/g, ' ');
  return flat.length > 90 ? `${flat.slice(0, 89)}…` : flat;
}

function code(text: string): string {
  return text.includes('`') ? `\`\` ${text} \`\`` : `\`${text}\``;
}

/** The share of all mutants that the tests notice, in percent, as far as those that were tried tell. */
export function score(fates: readonly Fate[]): number {
  const weigh = (some: readonly Fate[]): number => some.reduce((sum, { weight }) => sum + weight, 0);
  return (100 * weigh(fates.filter(isNoticed))) / weigh(fates);
}

function isNoticed({ status }: Fate): boolean {
  return status === 'noticed' || status === 'noticed by time';
}
