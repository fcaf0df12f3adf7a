// The list of exercises in windows of any size.
import { expect, test } from 'vitest';
import { findExercises } from '../../src/exercises/find.ts';
import { listLines } from '../../src/screen/list.ts';
import { CourseFolder, returning } from '../course-folder.ts';

const window = { columns: 80, rows: 40, paint: (_: unknown, text: string): string => text, links: false };

function courseOf(count: number): Omit<Parameters<typeof listLines>[0], 'cursor'> {
  const slugs = Array.from({ length: count }, (_, index) => `0${index + 1}-e${index + 1}`);
  using folder = new CourseFolder(Object.assign({}, ...slugs.map((slug, index) => returning(slug, 'one', index))));
  return { exercises: findExercises(folder.root), isDone: ({ slug }) => slug === '02-e2' };
}

test('each exercise has a line, with a mark for what is done and for the cursor', () => {
  expect(listLines({ ...courseOf(3), cursor: 0 }, window)).toEqual([
    '>   01-first-agent/01-e1  Let one return 0',
    '  ✓ 01-first-agent/02-e2  Let one return 1',
    '    01-first-agent/03-e3  Let one return 2',
  ]);
});

test.for([
  [0, ['01-e1', '02-e2', '03-e3', '04-e4']],
  [4, ['03-e3', '04-e4', '05-e5', '06-e6']],
  [8, ['06-e6', '07-e7', '08-e8', '09-e9']],
] as const)('a short window shows the lines around the cursor at %i', ([cursor, slugs]) => {
  const lines = listLines({ ...courseOf(9), cursor }, { ...window, rows: 10 });

  expect(lines.map((line) => /\d\d-e\d/.exec(line)?.[0])).toEqual(slugs);
});

test('a narrow window cuts the lines', () => {
  const lines = listLines({ ...courseOf(1), cursor: 0 }, { ...window, columns: 25 });

  expect(lines).toEqual(['>   01-first-agent/01-e1 ']);
});
