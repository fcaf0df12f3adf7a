// All exercises with the learner's progress: as many lines around the cursor as fit the window.
import type { Course } from '../course/course.ts';
import type { Window } from './window.ts';

/** Screen lines besides the list. */
const OTHER_LINES = 6;

type Listed = Pick<Course, 'exercises' | 'cursor' | 'isDone'>;

export function listLines(course: Listed, { columns, rows, paint }: Window): string[] {
  const { exercises, cursor } = course;
  const shown = Math.max(3, rows - OTHER_LINES);
  const first = Math.max(0, Math.min(cursor - Math.floor(shown / 2), exercises.length - shown));
  return exercises.slice(first, first + shown).map((exercise, index) => {
    const isChosen = first + index === cursor;
    const line = `${isChosen ? '>' : ' '} ${course.isDone(exercise) ? '✓' : ' '} ${exercise.id}  ${exercise.task.title}`;
    const visible = line.slice(0, columns);
    return isChosen ? paint('bold', visible) : visible;
  });
}
