// The exercises of all chapters, in the order of the folders: `tutorials/NN-chapter/exercises/NN-slug/`.
import { existsSync, globSync, readFileSync } from 'node:fs';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { parseTask, type Task } from './task.ts';

export interface Exercise {
  /** `03-streaming-and-multiturn/02-session-in-the-loop`: unique, and the key of progress. */
  readonly id: string;
  /** `03-streaming-and-multiturn` */
  readonly chapter: string;
  /** `02-session-in-the-loop` */
  readonly slug: string;
  readonly folder: string;
  readonly problem: string;
  readonly check: string;
  /** `solution.ts` first, then others that prove that the check accepts them. */
  readonly solutions: readonly [string, ...string[]];
  readonly task: Task;
}

/** The root of the repository. */
export const ROOT: string = resolve(import.meta.dirname, '../../../..');

/** Throws an Error that names the exercise whose files are incomplete. */
export function findExercises(root: string = ROOT): Exercise[] {
  const folders = globSync('tutorials/*/exercises/*/', { cwd: root }).toSorted();
  return folders.map((folder) => readExercise(join(root, folder)));
}

function readExercise(folder: string): Exercise {
  const slug = basename(folder);
  const chapter = basename(dirname(dirname(folder)));
  const file = (name: string): string => {
    const path = join(folder, name);
    if (!existsSync(path)) throw new Error(`${relative(ROOT, path)}: there is no such file`);
    return path;
  };
  const others = globSync('solution-*.ts', { cwd: folder }).toSorted();
  return {
    id: `${chapter}/${slug}`,
    chapter,
    slug,
    folder,
    problem: file('problem.ts'),
    check: file('check.ts'),
    solutions: [file('solution.ts'), ...others.map(file)],
    task: readTask(file('task.md')),
  };
}

function readTask(path: string): Task {
  try {
    return parseTask(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new Error(`${relative(ROOT, path)}: ${(error as Error).message}`, { cause: error });
  }
}

/**
 * The exercise that a person means: its id, its folder or a file in it, its slug with or without the number, or
 * chapter and number as in `3/2`. Throws an Error that lists what there is.
 */
export function exerciseNamed(name: string, exercises: readonly Exercise[]): Exercise {
  const wanted = name.split(sep).join('/').replace(/\/$/, '');
  const found = exercises.filter((exercise) => isNamed(exercise, wanted));
  if (found.length === 1 && found[0] !== undefined) return found[0];
  const [problem, list] =
    found.length === 0 ? ['There is no exercise', exercises] : ['More than one exercise is', found];
  throw new Error(
    `${problem} "${name}". There ${list.length === 1 ? 'is' : 'are'}:\n${list.map(({ id }) => `  ${id}`).join('\n')}`,
  );
}

function isNamed({ id, chapter, slug }: Exercise, wanted: string): boolean {
  const [chapterNumber, number] = /^(\d+)\/(\d+)$/.exec(wanted)?.slice(1).map(Number) ?? [];
  if (chapterNumber !== undefined)
    return Number.parseInt(chapter) === chapterNumber && Number.parseInt(slug) === number;
  const names = [id, `${chapter}/exercises/${slug}`, slug, slug.replace(/^\d+-/, '')];
  return names.some((known) => known === wanted || wanted.endsWith(`/${known}`));
}
