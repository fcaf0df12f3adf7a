// What became of the mutants of a package that were drawn.
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Draw, drawn } from './draw.ts';
import { copyOf, instrument, type Mutant } from './instrument.ts';
import type { Target } from './targets.ts';
import type { Covered, Line, Plan } from './warm-runner.ts';
import { withinBudget } from './within-budget.ts';

export type Status = 'noticed' | 'noticed by time' | 'survived' | 'not run';

export interface Fate extends Mutant {
  readonly package: string;
  readonly status: Status;
  /** How many mutants it speaks for. */
  readonly weight: number;
}

/** A package's mutants, found and tried, except those that run only while a module loads or only once per process. */
export interface Measured {
  readonly package: string;
  readonly found: number;
  readonly fates: readonly Fate[];
}

/** No start and no single test takes that long without a word to the log. */
const STARTING_MS = 300_000;
const SILENCE_MS = 30_000;
const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

export async function measure(target: Target, draw: Draw, processes: number): Promise<Measured> {
  const mutants = await instrument(target);
  const { plan: whole, atImport } = await coverage(target);
  const plan = withinBudget(whole, mutants);
  const covered = new Set(Object.values(plan).flatMap(({ hits }) => Object.keys(hits)));
  const sample = drawn(
    mutants.filter(({ id }) => covered.has(id) || !atImport.has(id)),
    draw,
  );
  const ids = sample.map(({ id }) => id).filter((id) => covered.has(id));
  const shares = Array.from({ length: processes }, (_, share) =>
    mutate(
      target,
      plan,
      ids.filter((_id, index) => index % processes === share),
      share,
    ),
  );
  const statuses = new Map((await Promise.all(shares)).flatMap((each) => [...each]));
  const fates = sample.map((mutant) => ({
    ...mutant,
    package: target.name,
    status: statuses.get(mutant.id) ?? (covered.has(mutant.id) ? 'survived' : 'not run'),
  }));
  return { package: target.name, found: mutants.length, fates };
}

/** Which test runs which mutants, from one run with all of them off. */
async function coverage(target: Target): Promise<{ plan: Plan; atImport: ReadonlySet<string> }> {
  const { lines, code } = await vitest(target, {}, [], 'coverage');
  if (code !== 0) throw new Error(`The tests of ${target.name} cannot run: see ${copyOf(target)}/.vitest/coverage.out`);
  const plan: Record<string, Covered> = {};
  const atImport = new Set<string>();
  for (const line of lines) {
    if ('test' in line) plan[line.test] = line.covered;
    if ('leftOut' in line) console.log(`fails without a mutant, so it is left out: ${line.leftOut}`);
    if ('atImport' in line) for (const id of line.atImport) atImport.add(id);
  }
  return { plan, atImport };
}

/** Starts anew with what is left when a mutant has killed the process or spoiled it for the test. */
async function mutate(target: Target, plan: Plan, ids: readonly string[], share: number): Promise<Map<string, Status>> {
  const statuses = new Map<string, Status>();
  const left = new Map(
    Object.entries(plan).map(([test, covered]) => [test, { ...covered, hits: { ...covered.hits } }]),
  );
  for (let round = 0; ; round += 1) {
    const open = new Set(ids.filter((id) => !statuses.has(id)));
    for (const [test, { hits }] of left) if (!Object.keys(hits).some((id) => open.has(id))) left.delete(test);
    if (left.size === 0) return statuses;
    const { lines, code } = await vitest(target, Object.fromEntries(left), [...open], `share-${share}.${round}`);
    const last = lines.at(-1);
    if (code === null && last !== undefined && 'began' in last) statuses.set(last.began, 'noticed by time');
    for (const line of lines) {
      if ('killed' in line) statuses.set(line.killed, line.inTime ? 'noticed' : 'noticed by time');
      if ('began' in line) delete left.get(line.in)?.hits[line.began];
      if ('done' in line) left.delete(line.done);
      // A test that fails in a fresh process says nothing of any mutant.
      if ('spoiled' in line && line === lines[0]) left.delete(line.spoiled);
    }
  }
}

async function vitest(
  target: Target,
  plan: Plan,
  ids: readonly string[],
  name: string,
): Promise<{ lines: readonly Line[]; code: number | null }> {
  const copy = copyOf(target);
  const file = (kind: string): string => join(copy, '.vitest', `${name}.${kind}`);
  writeFileSync(file('plan'), JSON.stringify(plan));
  writeFileSync(file('log'), '');
  const output = openSync(file('out'), 'w');
  const bin = join(copy, 'node_modules/vitest/vitest.mjs');
  const child = spawn(process.execPath, [bin, 'run', '--config', here('vitest.config.ts'), '--root', copy], {
    cwd: copy,
    stdio: ['ignore', output, output],
    detached: true,
    env: {
      ...process.env,
      ...target.env,
      MUTATION_TESTS: target.tests.join(' '),
      MUTATION_PLAN: file('plan'),
      MUTATION_LOG: file('log'),
      MUTATION_WANTED: ids.join(','),
    },
  });
  const code = await ended(child, file('log'), ids.length > 0 ? SILENCE_MS : STARTING_MS);
  closeSync(output);
  const lines = readFileSync(file('log'), 'utf8')
    .split('\n')
    .filter((line) => line !== '');
  return { lines: lines.map((line) => JSON.parse(line) as Line), code };
}

/** The exit code; null when it died, or fell silent and had to be killed. */
async function ended(child: ChildProcess, log: string, silenceMs: number): Promise<number | null> {
  const { promise, resolve } = Promise.withResolvers<number | null>();
  const watch = setInterval(() => {
    const { size, mtimeMs } = statSync(log);
    if (Date.now() - mtimeMs < (size === 0 ? STARTING_MS : silenceMs)) return;
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
  }, 1_000);
  child.once('exit', resolve);
  return promise.finally(() => clearInterval(watch));
}
