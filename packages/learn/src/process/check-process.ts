// The process that runs checks: it loads the libraries ahead of the first job, and whatever the learner's code does to it
// ends with one message or with its exit. Started by check-runner.ts.
import { pathToFileURL } from 'node:url';
import { inspect } from 'node:util';
import { Unmet } from '../check/expectations.ts';
import type { Exercise } from '../check/index.ts';
import { sentenceOf } from './sentence.ts';

export interface Job {
  /** Path of `check.ts`. */
  readonly check: string;
  /** The file to check. */
  readonly file: string;
}

/** `sentence` is null when all expectations held. */
export interface Outcome {
  readonly sentence: string | null;
}

let file = '';

function send(outcome: Outcome | 'ready'): void {
  process.send?.(outcome);
}

function fail(error: unknown): void {
  // What an expectation says is shown anyway; of an error, the full output has the stack.
  if (!(error instanceof Unmet)) process.stderr.write(`${inspect(error)}\n`);
  send({ sentence: sentenceOf(error, file) });
}

async function run(job: Job): Promise<void> {
  ({ file } = job);
  try {
    const { check } = (await import(pathToFileURL(job.check).href)) as { check: Exercise };
    await check.run(file);
    send({ sentence: null });
  } catch (error) {
    fail(error);
  }
}

process.on('uncaughtException', fail);
process.on('message', (job: Job) => void run(job));
process.on('disconnect', () => process.exit());
// Loads the SDK and the testkit, which takes longer than most checks.
await import('../check/index.ts');
send('ready');
