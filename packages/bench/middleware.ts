// `node middleware.ts [--before path/to/older/core/src/index.ts]`: what the seam for middleware costs a run that has none.
// The model is in this process and answers at once, so nothing else hides the difference. Needs a quiet machine.
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { Agent, type AgentOptions, type ChatClient } from '@turnstream/core';
import { chatUpdate } from '@turnstream/core/seams';
import { cpuMicros } from './src/cpu-time.ts';
import { median } from './src/median.ts';

const ROUNDS = 40;
const BAR = 1.02;
const SHAPES = [
  { what: 'a run with one update', runs: 2_000, updates: 1 },
  { what: 'a run with 500 updates', runs: 40, updates: 500 },
];

const { values } = parseArgs({ options: { before: { type: 'string' } } });
const older = values.before === undefined ? null : await import(pathToFileURL(values.before).href);
type Variants = Readonly<Record<string, (client: ChatClient) => Agent>>;
const without = agentOf(Agent, {});
// V8 compiles a function for all that call it, so a variant slows down another that runs the same core. An older core has a
// copy of its own: it is compared with one variant alone.
const variants: Variants =
  older === null
    ? {
        'no middleware': without,
        'an empty list': agentOf(Agent, { middleware: [] }),
        'one that passes on': agentOf(Agent, {
          middleware: [{ run: (run, next) => next(run), model: (_, next) => next() }],
        }),
      }
    : { 'no middleware': without, 'the older core': agentOf((older as { Agent: typeof Agent }).Agent, {}) };

for (const { what, runs, updates } of SHAPES) {
  const micros = await measure(runs, updates);
  const base = micros.get(older === null ? 'an empty list' : 'the older core') ?? Number.NaN;
  console.log(`${what}, compared with ${older === null ? 'an empty list' : 'the older core'}:`);
  for (const [name, each] of micros)
    console.log(`  ${name.padEnd(20)} ${each.toFixed(1)} us  ${(each / base).toFixed(3)}`);
  if ((micros.get('no middleware') ?? Number.NaN) / base > BAR) process.exitCode = 1;
}

function agentOf(of: typeof Agent, options: Partial<AgentOptions>): (client: ChatClient) => Agent {
  return (client) => new of({ client, ...options });
}

/** CPU of one run by variant: medians of rounds in which all variants take turns. */
async function measure(runs: number, updates: number): Promise<ReadonlyMap<string, number>> {
  const agents = Object.entries(variants).map(([name, make]) => ({ name, agent: make(modelOf(updates)) }));
  const readings = new Map<string, number[]>(agents.map(({ name }) => [name, []]));
  for (let round = 0; round < ROUNDS; round += 1) {
    const first = round % agents.length;
    for (const { name, agent } of [...agents.slice(first), ...agents.slice(0, first)]) {
      const micros = await cpuMicros(async () => {
        for (let run = 0; run < runs; run += 1) for await (const _ of agent.runStreaming('Hello'));
      });
      readings.get(name)?.push(micros / runs);
    }
  }
  return new Map([...readings].map(([name, all]) => [name, median(all)]));
}

/** Answers in so many updates and stops. */
function modelOf(updates: number): ChatClient {
  const word = chatUpdate({ role: 'assistant', contents: [{ type: 'text', text: 'word ' }] });
  const end = chatUpdate({ finishReason: 'stop' });
  return {
    async *send() {
      for (let index = 0; index < updates; index += 1) yield word;
      yield end;
    },
  };
}
