// The learner's files survive whatever happens to the exercises.
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { type Exercise, findExercises } from '../../src/exercises/find.ts';
import { WorkFolder } from '../../src/work/work-folder.ts';
import { CourseFolder, returning } from '../course-folder.ts';

const PROBLEM = 'export const one = () => 0;\n';
const NEW_PROBLEM = 'export const one = () => -1;\n';

const newCourse = (): CourseFolder => new CourseFolder(returning('01-one', 'one', 1));

function only({ root }: CourseFolder): Exercise {
  return findExercises(root)[0]!;
}

test('an exercise that is opened is copied once', () => {
  using course = newCourse();
  const work = new WorkFolder(course.root);

  expect(work.open(only(course))).toEqual({ update: 'none' });
  expect(course.mine('one')).toBe(PROBLEM);
  course.save('one', 'mine');
  expect(work.open(only(course))).toEqual({ update: 'none' });

  expect(course.mine('one')).toBe('mine');
});

test.each(['my-work', 'my-work/01-first-agent'])(
  'a file named %s is refused, and the error says what to do',
  (name) => {
    using course = newCourse();
    const path = join(course.root, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, 'notes');

    const opening = () => new WorkFolder(course.root).open(only(course));

    expect(opening).toThrow(
      `${path} is a file, and your exercises need a folder of that name. Move the file, then try again.`,
    );
    expect(readFileSync(path, 'utf8')).toBe('notes');
  },
);

test('the copy finds the packages and the types of its chapter', () => {
  using course = newCourse();

  new WorkFolder(course.root).open(only(course));

  expect(existsSync(`${course.root}/my-work/01-first-agent/node_modules/@turnstream/core`)).toBe(true);
  expect(existsSync(`${course.root}/my-work/01-first-agent/tsconfig.json`)).toBe(true);
});

test('an update is taken when the file was never edited', () => {
  using course = newCourse();
  const work = new WorkFolder(course.root);
  work.open(only(course));
  course.write('01-one/problem.ts', NEW_PROBLEM);

  expect(work.open(only(course))).toEqual({ update: 'taken' });

  expect(course.mine('one')).toBe(NEW_PROBLEM);
  expect(work.open(only(course))).toEqual({ update: 'none' });
});

test('an update of an edited file is offered once, with what changed, and the file stays', () => {
  using course = newCourse();
  const work = new WorkFolder(course.root);
  work.open(only(course));
  course.save('one', 'mine');
  course.write('01-one/problem.ts', NEW_PROBLEM);

  expect(work.open(only(course))).toEqual({ update: 'offered', before: PROBLEM, now: NEW_PROBLEM });

  expect(course.mine('one')).toBe('mine');
  expect(work.open(only(course))).toEqual({ update: 'none' });
});

test('reset takes the problem as it is now', () => {
  using course = newCourse();
  const work = new WorkFolder(course.root);
  work.open(only(course));
  course.save('one', 'mine');
  course.write('01-one/problem.ts', NEW_PROBLEM);

  work.reset(only(course));

  expect(course.mine('one')).toBe(NEW_PROBLEM);
});

test('a file stays with its exercise when another one comes before it', () => {
  using course = newCourse();
  const work = new WorkFolder(course.root);
  work.open(only(course));
  course.save('one', 'mine');
  const renumbered = { ...only(course), id: '01-first-agent/02-one', slug: '02-one' };

  work.open(renumbered);

  expect(course.mine('one')).toBe('mine');
});

test('a file that the learner removed is copied anew', () => {
  using course = newCourse();
  const work = new WorkFolder(course.root);
  work.open(only(course));
  rmSync(work.fileOf(only(course)));

  work.open(only(course));

  expect(course.mine('one')).toBe(PROBLEM);
});
