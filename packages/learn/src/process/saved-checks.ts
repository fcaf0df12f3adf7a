// The checks of an editing session: each save runs in its own prestarted process and supersedes the previous check. The
// process has loaded what the check before needed.
import type { Job, Outcome } from './check-process.ts';
import { CheckRunner } from './check-runner.ts';

export interface Checked extends Outcome {
  /** Output of the check and the learner's code, including stack traces. */
  readonly output: string;
}

export class SavedChecks implements AsyncDisposable {
  #warm: CheckRunner | null = new CheckRunner();
  #running: CheckRunner | null = null;

  /** Resolves with null when another check began before this one had finished. */
  async check(job: Job): Promise<Checked | null> {
    const runner = this.#warm ?? new CheckRunner();
    const outdated = this.#running;
    this.#warm = null;
    this.#running = runner;
    await outdated?.[Symbol.asyncDispose]();
    const { sentence, usesModel = false } = await runner.check(job);
    await runner[Symbol.asyncDispose]();
    if (this.#running !== runner) return null;
    this.#running = null;
    this.#warm = new CheckRunner({ needsModel: usesModel });
    return { sentence, output: runner.output };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const runners = [this.#warm, this.#running].filter((runner) => runner !== null);
    this.#running = null;
    await Promise.all(runners.map((runner) => runner[Symbol.asyncDispose]()));
  }
}
