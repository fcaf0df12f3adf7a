// Breaks the code in small ways and writes which of them the tests notice.
// Run: pnpm --filter @turnstream/parity mutation [file ...]   (installs Stryker's instrumenter first)
// With rooms or files, such as `core/tools` or `openai/responses/answer.ts`, it prints their survivors instead.
import { parseArgs } from 'node:util';
import { type Fate, measure } from './measure.ts';
import { score, survivorLines, writePage } from './page.ts';
import { TARGETS } from './targets.ts';

/** Each package has to reach it. */
const LEAST_PERCENT = 85;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { processes: { type: 'string', default: '3' } },
});
const only = positionals.filter((argument) => argument !== '--');

const fates: Fate[] = [];
for (const target of TARGETS) {
  const rooms = only.length === 0 ? target.rooms : roomsOf(target.name);
  if (rooms.length === 0) continue;
  const started = performance.now();
  const found = await measure({ ...target, rooms }, Number(values.processes));
  const seconds = Math.round((performance.now() - started) / 1_000);
  console.log(`${target.name}: ${score(found).toFixed(1)} % of ${found.length} mutants in ${seconds} s`);
  if (score(found) < LEAST_PERCENT) process.exitCode = 1;
  fates.push(...found);
}
if (only.length === 0) writePage(fates);
else console.log(survivorLines(fates).join('\n'));

function roomsOf(name: string): readonly string[] {
  return only
    .filter((path) => path === name || path.startsWith(`${name}/`))
    .map((path) => (path === name ? '*' : path.slice(name.length + 1).replace(/\.ts$/, '')));
}
