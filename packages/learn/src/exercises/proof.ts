// Verifies an exercise: its problem fails for the reason in the task, its solutions pass, its last hint quotes one.
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { CheckRunner } from '../process/check-runner.ts';
import type { Exercise } from './find.ts';
import { quotedCode } from './task.ts';

/** The problems of the exercise, one line each. */
export async function problemsOf(exercise: Exercise, runners: CheckRunners): Promise<string[]> {
  const { check, problem, solutions, task } = exercise;
  const { sentence } = await runners.check({ check, file: problem });
  const problems: string[] = [];
  if (sentence === null) problems.push('problem.ts passes, so there is nothing to do');
  else if (!sentence.includes(task.fails)) problems.push(`problem.ts fails, but not for "${task.fails}": ${sentence}`);
  for (const solution of solutions) {
    const { sentence: failure } = await runners.check({ check, file: solution });
    if (failure !== null) problems.push(`${basename(solution)} does not pass: ${failure}`);
  }
  return [...problems, ...problemsOfText(exercise)];
}

function problemsOfText({ problem, solutions: [solution], task }: Exercise): string[] {
  const lines = new Set(
    readFileSync(solution, 'utf8')
      .split('\n')
      .map((line) => line.trim()),
  );
  const quoted = quotedCode(task.hints[2]);
  const foreign = quoted.filter((line) => !lines.has(line));
  const taskLines = task.task.split('\n').filter((line) => line !== '').length;
  const isAlone = !/ from '\.\.?\//.test(readFileSync(problem, 'utf8'));
  return [
    ...(isAlone ? [] : ['problem.ts imports a neighboring file, which its copy in my-work/ cannot find']),
    ...(quoted.length === 0 ? ['"## Line" quotes no code'] : []),
    ...foreign.map((line) => `"## Line" quotes a line that solution.ts does not have: ${line}`),
    ...(taskLines > 6 ? [`"## Task" has ${taskLines} lines; at most six can be read at a glance`] : []),
  ];
}

/** Nobody waits at the screen, and a busy machine may take its time. */
const LIMIT_MS = 60_000;

/** A runner for many checks, which replaces its process when a check breaks it. */
export class CheckRunners implements AsyncDisposable {
  #runner: CheckRunner | undefined;

  async check(job: Parameters<CheckRunner['check']>[0]): ReturnType<CheckRunner['check']> {
    if (this.#runner?.isUsable !== true) this.#runner = new CheckRunner({ limitMs: LIMIT_MS });
    return this.#runner.check(job);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#runner?.[Symbol.asyncDispose]();
  }
}

/** The problems of each exercise, two chapters at a time: the exercises of a chapter need the same libraries. */
export async function proveAll(
  exercises: readonly Exercise[],
  onProved: (exercise: Exercise, problems: readonly string[]) => void,
): Promise<void> {
  const left = Map.groupBy(exercises, ({ chapter }) => chapter).values();
  const prove = async (): Promise<void> => {
    await using runners = new CheckRunners();
    for (const chapter of left) for (const exercise of chapter) onProved(exercise, await problemsOf(exercise, runners));
  };
  await Promise.all([prove(), prove()]);
}
