// Runs each test once for every mutant it covers, in one thread that stays warm: a mutant costs a test, not a process.
import { appendFileSync, readFileSync } from 'node:fs';
import { TestRunner } from 'vitest';

type Test = Parameters<TestRunner['onAfterRetryTask']>[0];

/** What Stryker's switches look at. */
interface Switches {
  activeMutant: string | undefined;
  currentTestId: string | undefined;
  hitCount: number;
  hitLimit: number;
  mutantCoverage?: { static: Record<string, number>; perTest: Record<string, Record<string, number>> };
}

/** By the id of a test: how long it took and which mutants it ran, how often. Empty when that is what to find out. */
export type Plan = Readonly<Record<string, Covered>>;
export interface Covered {
  /** From the package's folder. */
  readonly file: string;
  readonly ms: number;
  readonly cpuMs: number;
  readonly hits: Record<string, number>;
}

/** A line of the log. A mutant that `began` and has no line after it killed the process. `spoiled`: a mutant broke the test for good. */
export type Line =
  | { readonly test: string; readonly covered: Covered }
  | { readonly leftOut: string }
  | { readonly atImport: readonly string[] }
  | { readonly began: string; readonly in: string }
  | { readonly killed: string; readonly by: string; readonly inTime: boolean }
  | { readonly done: string }
  | { readonly spoiled: string };

const switches = ((globalThis as { __stryker__?: Switches }).__stryker__ ??= {
  activeMutant: undefined,
  currentTestId: undefined,
  hitCount: 0,
  hitLimit: Number.POSITIVE_INFINITY,
});
const plan = JSON.parse(readFileSync(process.env['MUTATION_PLAN'] ?? '', 'utf8')) as Plan;
const wanted = new Set((process.env['MUTATION_WANTED'] ?? '').split(','));
const isPlanned = Object.keys(plan).length > 0;
const log = (line: Line): void => appendFileSync(process.env['MUTATION_LOG'] ?? '', `${JSON.stringify(line)}\n`);

// Kept, because tests install fake timers.
const { setTimeout, clearTimeout } = globalThis;
const now = performance.now.bind(performance);

/** How often a test may fail without a mutant before it counts as spoiled: one that hung may still be running beside it. */
const CHECKS = 3;

/** Beyond it a mutant counts as hanging. */
const limitMs = (ms: number): number => 2_000 + 10 * ms;

class WarmRunner extends TestRunner {
  #left: string[] = [];
  #mutant: string | null = null;
  /** How many runs without a mutant are left in which the test has to pass once; 0 when it has. */
  #checks = 0;
  /** Tests in a row that fail without a mutant. */
  #spoiled = 0;
  #hasFailed = false;
  /** Modules that load on demand load in the first try of a test, and never again. */
  #firstHits: Readonly<Record<string, number>> = {};
  #inTime = true;
  #startedAt = 0;
  #cpuAtStart = process.cpuUsage();

  override async onBeforeRunTask(test: Test): Promise<void> {
    if (isPlanned) {
      this.#left = Object.keys(plan[test.id]?.hits ?? {}).filter((id) => wanted.has(id));
      if (this.#left.length === 0) test.mode = 'skip';
      // The test has to pass without a mutant first, and again after each mutant that made it fail.
      test.repeats = (1 + CHECKS) * (1 + this.#left.length);
      this.#checks = CHECKS;
    }
    // A test that fails when it is repeated fails for every mutant.
    else test.repeats = 1;
    await super.onBeforeRunTask(test);
  }

  override onBeforeTryTask(test: Test, options: { retry: number; repeats: number }): void {
    switches.currentTestId = isPlanned ? undefined : test.id;
    this.#mutant = this.#checks > 0 ? null : (this.#left.shift() ?? null);
    if (this.#mutant !== null) {
      log({ began: this.#mutant, in: test.id });
      switches.hitCount = 0;
      switches.hitLimit = 100 * (plan[test.id]?.hits[this.#mutant] ?? 1);
      switches.activeMutant = this.#mutant;
    }
    this.#startedAt = now();
    this.#cpuAtStart = process.cpuUsage();
    super.onBeforeTryTask(test, options);
  }

  async runTask(test: Test): Promise<void> {
    const run = TestRunner.getTestFn(test);
    this.#inTime = true;
    if (this.#mutant === null && isPlanned && this.#checks === 0) return;
    if (!isPlanned) return run();
    const { promise: tooLate, reject } = Promise.withResolvers<never>();
    const timer = setTimeout(
      () => {
        this.#inTime = false;
        reject(new Error('too late'));
      },
      limitMs(plan[test.id]?.ms ?? 0),
    );
    await Promise.race([run(), tooLate]).finally(() => clearTimeout(timer));
  }

  override async onAfterRetryTask(test: Test, options: { retry: number; repeats: number }): Promise<void> {
    switches.activeMutant = undefined;
    switches.currentTestId = undefined;
    const failed = test.result?.state === 'fail';
    if (this.#mutant !== null) {
      if (failed) {
        this.#checks = CHECKS;
        log({ killed: this.#mutant, by: test.name, inTime: this.#inTime });
        wanted.delete(this.#mutant);
      }
    } else if (this.#checks > 0) {
      this.#checks = failed ? this.#checks - 1 : 0;
      if (!failed) this.#spoiled = 0;
      else if (this.#checks === 0) this.#giveUp(test);
    } else if (!isPlanned) {
      this.#hasFailed = failed || (options.repeats > 0 && this.#hasFailed);
      if (options.repeats === 0) this.#firstHits = takeHits(test);
      else this.#note(test);
    }
    if (test.result !== undefined) {
      delete test.result.errors;
      test.result.state = 'pass';
    }
    await super.onAfterRetryTask(test, options);
  }

  override onAfterRunTask(test: Test): void {
    if (isPlanned && this.#spoiled === 0) log({ done: test.id });
    super.onAfterRunTask(test);
  }

  override onAfterRunFiles(files: Parameters<TestRunner['onAfterRunFiles']>[0]): void {
    if (!isPlanned) log({ atImport: Object.keys(switches.mutantCoverage?.static ?? {}) });
    super.onAfterRunFiles(files);
  }

  /** The next test begins without a mutant too. When that fails as well, only a new process helps. */
  #giveUp(test: Test): void {
    log({ spoiled: test.id });
    this.#left = [];
    this.#spoiled += 1;
    if (this.#spoiled > 1) process.kill(process.pid, 'SIGKILL');
  }

  #note(test: Test): void {
    const ms = Math.round(now() - this.#startedAt);
    const { user, system } = process.cpuUsage(this.#cpuAtStart);
    const cpuMs = Math.round((user + system) / 1_000);
    const hits = takeHits(test);
    if (this.#hasFailed) log({ leftOut: `${test.file.name}: ${test.name}` });
    else log({ test: test.id, covered: { file: test.file.name, ms, cpuMs, hits } });
    log({ atImport: Object.keys(this.#firstHits).filter((id) => !(id in hits)) });
  }
}

/** The mutants that the test has run since this was last asked, and how often. */
function takeHits(test: Test): Readonly<Record<string, number>> {
  const coverage = switches.mutantCoverage;
  const hits = coverage?.perTest[test.id] ?? {};
  if (coverage !== undefined) coverage.perTest = {};
  return hits;
}

// oxlint-disable-next-line import/no-default-export -- Vitest takes a runner that way.
export default WarmRunner;
