// How a person may name an exercise.
import { expect, test } from 'vitest';
import { findExercises } from '../../src/exercises/find.ts';
import { exerciseNamed } from '../../src/exercises/named.ts';
import { CourseFolder, returning } from '../course-folder.ts';

using folder = new CourseFolder({ ...returning('01-one', 'one', 1), ...returning('12-two', 'two', 2) });
const exercises = findExercises(folder.root);

test.for(['1/12', '01/12', 'two', '12-two', '01-first-agent/12-two', '01-first-agent/two'])('%s is 12-two', (name) => {
  expect(exerciseNamed(name, exercises)).toMatchObject({ slug: '12-two' });
});

test('a name that two chapters have is refused with both', () => {
  const twice = [...exercises, ...exercises.map((each) => ({ ...each, id: each.id.replace('01-', '02-') }))];

  expect(() => exerciseNamed('two', twice)).toThrow(
    '"two" is more than one exercise. Choose one of\n  01-first-agent/12-two\n  02-first-agent/12-two',
  );
});
