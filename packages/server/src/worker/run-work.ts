// The work of a background run as the database delivers it: from any point, in any process, as often as necessary.
import type { Work } from '../store/workers.ts';
import { RunJob } from './run-job.ts';
import type { WorkOptions } from './work-options.ts';

/**
 * Carries out runs. At most one extra model call is made for each crash, when it hits between the service's acceptance of
 * a response and the write of its id. Tools run again when it hits between their start and that write. Approved calls do not:
 * a run that is interrupted there, by a crash or a service that refuses, fails, because its approval counts once.
 */
export function runWork(options: WorkOptions): Work {
  return async (job) => {
    const claimed = await options.store.runs.claim(job.runId);
    return claimed === null ? null : new RunJob(options, job, claimed).work();
  };
}
