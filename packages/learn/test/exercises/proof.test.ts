// An exercise that teaches nothing, or cannot be solved, is found.
import { expect, test } from 'vitest';
import { findExercises } from '../../src/exercises/find.ts';
import { proveAll } from '../../src/exercises/proof.ts';
import { CourseFolder, type Files, returning } from '../course-folder.ts';

const exerciseWith = (slug: string, file: string, text: string): Files => ({
  ...returning(slug, 'one', 1),
  [`${slug}/${file}`]: text,
});

test('a sound exercise has no problems, and an unsound one has its problems named', async () => {
  using folder = new CourseFolder({
    ...returning('01-sound', 'one', 1),
    ...exerciseWith('02-solved', 'problem.ts', 'export const one = () => 1;'),
    ...exerciseWith('03-fails-otherwise', 'problem.ts', 'export const one = () => 7;'),
    ...exerciseWith('04-second-solution', 'solution-2.ts', 'export const one = () => 2;'),
    ...exerciseWith('05-hint', 'solution.ts', 'export const one = (): number => 1;'),
    ...exerciseWith(
      '06-neighbor',
      'problem.ts',
      "import { one as it } from './solution.ts';\nexport const one = () => it() - 1;",
    ),
  });
  const found: Record<string, readonly string[]> = {};

  await proveAll(findExercises(folder.root), ({ slug }, problems) => {
    found[slug] = problems;
  });

  expect(found).toEqual({
    '01-sound': [],
    '02-solved': ['problem.ts passes, so there is nothing to do'],
    '03-fails-otherwise': ['problem.ts fails, but not for "it was 0": expected what `one` returns to be 1; it was 7'],
    '04-second-solution': ['solution-2.ts does not pass: expected what `one` returns to be 1; it was 2'],
    '05-hint': ['"## Line" quotes a line that solution.ts does not have: export const one = () => 1;'],
    '06-neighbor': ['problem.ts imports a neighboring file, which its copy in my-work/ cannot find'],
  });
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
