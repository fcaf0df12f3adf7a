// The inspections of the latest background runs, which are looked at long after the request that began them.
import type { InspectionEvent, RunState } from '../events/wire.ts';
import type { Work } from '../store/workers.ts';
import { Inspection, inspected } from './inspection.ts';

const KEPT = 200;

export class InspectedRuns {
  readonly #runs = new Map<string, Inspection>();

  /** The same work; each delivery of a job is a `claim` event of its run. */
  work(work: Work): Work {
    return (job) => {
      const run = this.#of(job.runId);
      run.add({ type: 'claim', number: job.attempt });
      return inspected(run, () => work(job));
    };
  }

  /** What is known of the run in this process. A turn is stored with its end, whenever its worker handed it over. */
  events(runId: string, state: RunState): readonly InspectionEvent[] {
    const events = this.#runs.get(runId)?.events ?? [];
    const isStored = state === 'completed' || state === 'incomplete' || state === 'awaiting_approval';
    return events.filter(({ type }) => isStored || type !== 'stored');
  }

  #of(runId: string): Inspection {
    const run = this.#runs.get(runId) ?? new Inspection();
    this.#runs.set(runId, run);
    const [oldest] = this.#runs.keys();
    if (this.#runs.size > KEPT && oldest !== undefined) this.#runs.delete(oldest);
    return run;
  }
}
