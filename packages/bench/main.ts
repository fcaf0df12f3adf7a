// `pnpm bench [--only burst,run] [--rounds 5]`: measures all peers side by side and prints the table as it grows.
import { availableParallelism, cpus, loadavg, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import { METRICS, type MetricName } from './src/metrics.ts';
import { compile } from './src/published.ts';
import { measureRounds } from './src/rounds.ts';
import { ROWS } from './src/rows.ts';
import { HEADER, rowLines } from './src/table.ts';

const { values } = parseArgs({
  args: process.argv.slice(2).filter((arg) => arg !== '--'),
  options: { only: { type: 'string' }, rounds: { type: 'string', default: '3' } },
});
const rounds = Number(values.rounds);
if (!Number.isSafeInteger(rounds) || rounds < 1) throw new Error(`--rounds is ${values.rounds}; give a number from 1.`);
const known = Object.keys(METRICS) as MetricName[];
const wanted = values.only?.split(',') ?? known;
const unknown = wanted.filter((name) => !known.some((each) => each === name));
if (unknown.length > 0) throw new Error(`--only names ${unknown.join(', ')}; there are ${known.join(', ')}.`);

const memory = `${Math.round(totalmem() / 2 ** 30)} GB`;
console.log(`Node ${process.versions.node}, ${process.platform} ${process.arch}, ${memory}`);
console.log(`${availableParallelism()} x ${cpus()[0]?.model ?? 'unknown CPU'}, load ${loadavg()[0]?.toFixed(1)}`);
console.log(`Medians of ${rounds} rounds; ratios to the fetch loop.\n\n${HEADER}`);
using compiled = await compile();
for (const metric of known.filter((name) => wanted.includes(name))) {
  const series = await measureRounds(compiled, metric, rounds);
  for (const row of ROWS.filter((each) => each.metric === metric)) {
    const { lines, ok } = rowLines(row, series);
    console.log(lines.join('\n'));
    if (!ok) process.exitCode = 1;
  }
}
