// `learn` without a terminal: the list, one check, or the proof of all exercises. Each returns an exit code.
import { relative } from 'node:path';
import type { Exercise } from './exercises/find.ts';
import { exerciseNamed, exerciseOfFile } from './exercises/named.ts';
import { proveAll } from './exercises/proof.ts';
import { CheckRunner } from './process/check-runner.ts';
import { readProgress, recordProgress } from './work/progress.ts';
import { WorkFolder } from './work/work-folder.ts';

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

export function list(exercises: readonly Exercise[], root: string): number {
  const { done } = readProgress(new WorkFolder(root).progressFile);
  for (const { id, key, task } of exercises) {
    print(`${done.includes(key) ? '✓' : ' '} ${id}  ${task.kind}: ${task.title}`);
  }
  return 0;
}

/** `name` is an exercise, whose file in `my-work/` is checked, or a path. Printed output goes to stderr. */
export async function checkOne(name: string, exercises: readonly Exercise[], root: string): Promise<number> {
  const work = new WorkFolder(root);
  const found = name.endsWith('.ts')
    ? exerciseOfFile(name, exercises, work)
    : fileOf(exerciseNamed(name, exercises), work);
  const { exercise, file } = found;
  const runner = new CheckRunner();
  const { sentence } = await runner.check({ check: exercise.check, file });
  await runner[Symbol.asyncDispose]();
  process.stderr.write(runner.output);
  print(`${relative(root, file)}: ${sentence ?? 'passes'}`);
  if (sentence !== null) return 1;
  if (file === work.fileOf(exercise)) recordProgress(work.progressFile, { passed: exercise.key });
  return 0;
}

function fileOf(exercise: Exercise, work: WorkFolder): { exercise: Exercise; file: string } {
  work.open(exercise);
  return { exercise, file: work.fileOf(exercise) };
}

export async function checkAll(exercises: readonly Exercise[]): Promise<number> {
  let unsound = 0;
  await proveAll(exercises, ({ id }, problems) => {
    for (const problem of problems) print(`${id}: ${problem}`);
    if (problems.length > 0) unsound += 1;
  });
  print(`${exercises.length} exercises, ${unsound} of them unsound`);
  return unsound === 0 ? 0 : 1;
}
