// The exercises of all chapters, in the order of the folders: `tutorials/NN-chapter/exercises/NN-slug/`.
import { existsSync, globSync, readFileSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { parseTask, type Task } from './task.ts';

export interface Exercise {
  /** `03-streaming-and-multiturn/02-session-in-the-loop` */
  readonly id: string;
  /** The id without the exercise's number: unique, and stable when an exercise is inserted. The key of progress. */
  readonly key: string;
  /** `03-streaming-and-multiturn` */
  readonly chapter: string;
  /** `02-session-in-the-loop` */
  readonly slug: string;
  readonly folder: string;
  readonly problem: string;
  readonly check: string;
  /** `solution.ts` first, then alternatives that the check must accept. */
  readonly solutions: readonly [string, ...string[]];
  readonly task: Task;
}

/** The root of the repository. */
export const ROOT: string = resolve(import.meta.dirname, '../../../..');

/** Throws an Error that names the exercise whose files are incomplete. */
export function findExercises(root: string = ROOT): Exercise[] {
  const folders = globSync('tutorials/*/exercises/*/', { cwd: root }).toSorted();
  const exercises = folders.map((folder) => readExercise(join(root, folder)));
  const byKey = Map.groupBy(exercises, ({ key }) => key);
  for (const [{ id } = { id: '' }, twin] of byKey.values()) {
    if (twin !== undefined) throw new Error(`${id} and ${twin.id} differ only in their number: rename one`);
  }
  return exercises;
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
    key: `${chapter}/${slug.replace(/^\d+-/, '')}`,
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
