// The process that runs checks: each job ends with one message or with the exit of the process. Started by
// check-runner.ts, with the argument `model` when the jobs to come need one.
import { flushCompileCache } from 'node:module';
import { pathToFileURL } from 'node:url';
import { inspect } from 'node:util';
import { Unmet } from '../check/expectations.ts';
import type { Exercise } from '../check/index.ts';
import { hasLoadedModel, loadModel } from '../check/scripted-model.ts';
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
  /** The process has loaded what a check with a model needs. */
  readonly usesModel?: true;
}

/** The current job; null between two. Each has one outcome, whatever its code does afterwards. */
let current: Job | null = null;

function end(outcome: Outcome): void {
  current = null;
  // For the next process: this one is killed, and Node keeps compiled code only at a proper exit.
  flushCompileCache();
  process.send?.(hasLoadedModel() ? { ...outcome, usesModel: true } : outcome);
}

function fail(error: unknown): void {
  // The message of an expectation is shown anyway; for an error, the full output has the stack.
  if (!(error instanceof Unmet)) process.stderr.write(`${inspect(error)}\n`);
  if (current !== null) end({ sentence: sentenceOf(error, current.file) });
}

async function run(job: Job): Promise<void> {
  current = job;
  try {
    const { check } = (await import(pathToFileURL(job.check).href)) as { check: Exercise };
    await check.run(job.file);
    if (current === job) end({ sentence: null });
  } catch (error) {
    if (current === job) fail(error);
  }
}

process.on('uncaughtException', fail);
process.on('message', (job: Job) => void run(job));
process.on('disconnect', () => process.exit());
await import('../check/index.ts');
if (process.argv[2] === 'model') await loadModel();
flushCompileCache();
process.send?.('ready');
