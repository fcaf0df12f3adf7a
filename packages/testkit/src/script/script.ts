// The steps of a scripted model, one per call, and a report of how the script and the run differed.
import type { RecordedRequest } from '../request/recorded.ts';
import { describeStep, type Step } from './step.ts';

export class Script {
  readonly #steps: Step[];
  #used = 0;

  constructor(steps: readonly Step[]) {
    this.#steps = [...steps];
  }

  add(...steps: readonly Step[]): void {
    this.#steps.push(...steps);
  }

  /** The step of the next call. Throws when the script has none left. */
  next(request: RecordedRequest, number: number): Step {
    const step = this.#steps[this.#used];
    if (step === undefined) throw new Error(unscripted(request, number, this.#steps.length));
    this.#used += 1;
    return step;
  }

  /** One line for each unused step. */
  unused(): string[] {
    const total = this.#steps.length;
    return this.#steps
      .slice(this.#used)
      .map((step, index) => `step ${this.#used + index + 1} of ${total} was never used: ${describeStep(step)}`);
  }
}

function unscripted(request: RecordedRequest, number: number, steps: number): string {
  const mode = request.body['stream'] === true ? 'streamed' : 'not streamed';
  return (
    `unscripted call ${number}: ${request.method} ${request.path} (${mode}, ${count(request.messages.length, 'message')}); ` +
    `the script has ${count(steps, 'step')}, add a reply() if this call is expected`
  );
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

/** Throws one Error with every line; does nothing when there are none. */
export function refuseProblems(problems: readonly string[]): void {
  if (problems.length === 0) return;
  throw new Error(`The script and the calls it received differ:\n- ${problems.join('\n- ')}`);
}
