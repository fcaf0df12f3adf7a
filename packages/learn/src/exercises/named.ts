// Finds the exercise named on the command line.
import { dirname, resolve } from 'node:path';
import type { WorkFolder } from '../work/work-folder.ts';
import type { Exercise } from './find.ts';

/**
 * By chapter and number as in `3/2`, by name with or without the number, or by id. Throws an Error that lists the
 * exercises.
 */
export function exerciseNamed(name: string, exercises: readonly Exercise[]): Exercise {
  const found = exercises.filter((exercise) => isNamed(exercise, name));
  if (found.length === 1 && found[0] !== undefined) return found[0];
  const list = found.length === 0 ? exercises : found;
  const problem = found.length === 0 ? `There is no exercise "${name}"` : `"${name}" is more than one exercise`;
  throw new Error(`${problem}. Choose one of\n${list.map(({ id }) => `  ${id}`).join('\n')}`);
}

function isNamed({ id, key, chapter, slug }: Exercise, name: string): boolean {
  const [, chapterNumber, number] = /^(\d+)\/(\d+)$/.exec(name) ?? [];
  if (chapterNumber === undefined) return [id, key, slug, slug.replace(/^\d+-/, '')].includes(name);
  return Number.parseInt(chapter) === Number(chapterNumber) && Number.parseInt(slug) === Number(number);
}

/** The exercise whose learner's file, problem or solution is at the path. Throws an Error when there is none. */
export function exerciseOfFile(
  path: string,
  exercises: readonly Exercise[],
  work: WorkFolder,
): { exercise: Exercise; file: string } {
  const file = resolve(path);
  const exercise = exercises.find((each) => each.folder === dirname(file) || work.fileOf(each) === file);
  if (exercise === undefined) throw new Error(`${file} belongs to no exercise`);
  return { exercise, file };
}
