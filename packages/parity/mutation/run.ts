// Breaks the code in small ways, a sample of them, and writes which of them the tests notice.
// Run: pnpm --filter @turnstream/parity mutation [file ...]   (installs Stryker's instrumenter first)
// With rooms or files, such as `core/tools` or `openai/responses/answer.ts`, it tries every mutant and prints what survives.
import { parseArgs } from 'node:util';
import { type Measured, measure } from './measure.ts';
import { score, survivorLines, writePage } from './page.ts';
import { TARGETS } from './targets.ts';

/** Each package has to reach it. */
const LEAST_PERCENT = 85;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    share: { type: 'string' },
    least: { type: 'string', default: '8' },
    seed: { type: 'string', default: 'turnstream' },
    processes: { type: 'string', default: '3' },
  },
});
const only = positionals.filter((argument) => argument !== '--');
const share = Number(values.share ?? (only.length === 0 ? 0.25 : 1));
const draw = { seed: values.seed, share, least: Number(values.least) };

const measured: Measured[] = [];
for (const target of TARGETS) {
  const rooms = only.length === 0 ? target.rooms : roomsOf(target.name);
  if (rooms.length === 0) continue;
  const started = performance.now();
  const { found, fates } = await measure({ ...target, rooms }, draw, Number(values.processes));
  measured.push({ package: target.name, found, fates });
  const seconds = Math.round((performance.now() - started) / 1_000);
  console.log(`${target.name}: ${score(fates).toFixed(1)} %, ${fates.length} of ${found} mutants in ${seconds} s`);
  if (score(fates) < LEAST_PERCENT) process.exitCode = 1;
}
if (only.length === 0) writePage(measured, draw);
else console.log(survivorLines(measured.flatMap(({ fates }) => fates)).join('\n'));

function roomsOf(name: string): readonly string[] {
  return only
    .filter((path) => path === name || path.startsWith(`${name}/`))
    .map((path) => (path === name ? '*' : path.slice(name.length + 1).replace(/\.ts$/, '')));
}
