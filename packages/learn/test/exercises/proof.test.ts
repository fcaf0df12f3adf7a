// An exercise that teaches nothing, or cannot be solved, is found.
import { expect, test } from 'vitest';
import { findExercises } from '../../src/exercises/find.ts';
import { proveAll } from '../../src/exercises/proof.ts';
import { CourseFolder, type Files, returning } from '../course-folder.ts';

async function problemsOf(files: Files): Promise<string[]> {
  using folder = new CourseFolder({ ...returning('01-one', 'one', 1), ...files });
  const found: string[] = [];
  await proveAll(findExercises(folder.root), (_, problems) => found.push(...problems));
  return found;
}

test('a sound exercise has no problem', async () => {
  expect(await problemsOf({})).toEqual([]);
});

test.for<[string, Files, string]>([
  [
    'a problem that passes',
    { '01-one/problem.ts': 'export const one = () => 1;' },
    'problem.ts passes, so there is nothing to do',
  ],
  [
    'a problem that fails for another reason',
    { '01-one/problem.ts': 'export const one = () => 7;' },
    'problem.ts fails, but not for "it was 0": expected what `one` returns to be 1; it was 7',
  ],
  [
    'a second solution that fails',
    { '01-one/solution-2.ts': 'export const one = () => 2;' },
    'solution-2.ts does not pass: expected what `one` returns to be 1; it was 2',
  ],
  [
    'a hint that quotes no line of the solution',
    { '01-one/solution.ts': 'export const one = (): number => 1;' },
    '"## Line" quotes a line that solution.ts does not have: export const one = () => 1;',
  ],
  [
    'a problem that imports a neighbour',
    { '01-one/problem.ts': "import { one as it } from './solution.ts';\nexport const one = () => it() - 1;" },
    'problem.ts imports a neighbouring file, which its copy in my-work/ cannot find',
  ],
])('%s is named', async ([, files, problem]) => {
  expect(await problemsOf(files)).toEqual([problem]);
});

test('a folder without all its files is named', () => {
  using folder = new CourseFolder({ '01-one/task.md': '' });

  expect(() => findExercises(folder.root)).toThrow(/01-one\/(problem|check|solution)\.ts: there is no such file/);
});

test('two exercises whose names differ only in the number are refused', () => {
  using folder = new CourseFolder({ ...returning('01-one', 'one', 1), ...returning('02-one', 'one', 1) });

  expect(() => findExercises(folder.root)).toThrow(
    '01-first-agent/01-one and 01-first-agent/02-one differ only in their number: rename one',
  );
});
