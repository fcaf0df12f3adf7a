// `pnpm bench [--only burst,run] [--rounds 5] [--node 24]`: measures everybody in turn, prints the tables as they grow, and
// writes docs/reference/performance.md when it measured all of them.
import { parseArgs } from 'node:util';
import { measureClients } from './src/all-clients.ts';
import { machine, nodeOf } from './src/machine.ts';
import { METRICS, type MetricName } from './src/metrics.ts';
import { writePage } from './src/page.ts';
import { compile } from './src/published.ts';
import { measureServed } from './src/served/all-servers.ts';
import { SERVED_METRICS, type ServedMetricName } from './src/served/metrics.ts';

const { values } = parseArgs({
  args: process.argv.slice(2).filter((arg) => arg !== '--'),
  options: { only: { type: 'string' }, rounds: { type: 'string', default: '3' }, node: { type: 'string' } },
});
const rounds = Number(values.rounds);
if (!Number.isSafeInteger(rounds) || rounds < 1) throw new Error(`--rounds is ${values.rounds}; give a number from 1.`);
const ofClients = Object.keys(METRICS) as MetricName[];
const ofServers = Object.keys(SERVED_METRICS) as ServedMetricName[];
const known: readonly string[] = [...ofClients, ...ofServers];
const wanted = values.only?.split(',') ?? known;
const unknown = wanted.filter((name) => !known.includes(name));
if (unknown.length > 0) throw new Error(`--only names ${unknown.join(', ')}; there are ${known.join(', ')}.`);

const { execPath, version } = nodeOf(values.node);
const measuredOn = machine(version);
console.log(`${measuredOn}\nMedians of ${rounds} rounds and their range.`);
using compiled = await compile();
const measuring = { execPath, rounds, print: (line: string) => console.log(line) };
const clients = await measureClients(
  compiled,
  ofClients.filter((name) => wanted.includes(name)),
  measuring,
);
const servers = await measureServed(
  compiled,
  ofServers.filter((name) => wanted.includes(name)),
  measuring,
);
if (values.only === undefined && values.node === undefined)
  writePage({ machine: measuredOn, rounds, clients, servers });
