// The learner's copies of the problems in `my-work/`, which git ignores: `git pull` never touches them, and an updated
// exercise can be told from one that the learner edited.
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Exercise } from '../exercises/find.ts';

/** What `open` found: nothing new, an update that was applied, or one for the learner to apply. */
export type Opened =
  | { readonly update: 'none' }
  | { readonly update: 'taken' }
  /** The problem as it was when it was copied, and as it is now. */
  | { readonly update: 'offered'; readonly before: string; readonly now: string };

export class WorkFolder {
  readonly progressFile: string;
  readonly #root: string;
  readonly #path: string;

  constructor(root: string) {
    this.#root = root;
    this.#path = join(root, 'my-work');
    this.progressFile = join(this.#path, 'progress.json');
  }

  /** The learner's file: `my-work/03-streaming-and-multiturn/session-in-the-loop.ts`. */
  fileOf({ key }: Exercise): string {
    return join(this.#path, `${key}.ts`);
  }

  /** Copies the problem unless the learner has a file already. Applies an update when that file was never edited. */
  open(exercise: Exercise): Opened {
    this.#prepareChapter(exercise.chapter);
    const mine = textOf(this.fileOf(exercise));
    const now = readFileSync(exercise.problem, 'utf8');
    const before = textOf(this.#copiedOf(exercise));
    if (mine === null) this.reset(exercise);
    if (mine === null || before === now) return { update: 'none' };
    if (mine === before) {
      this.reset(exercise);
      return { update: 'taken' };
    }
    writeInto(this.#copiedOf(exercise), now);
    return before === null ? { update: 'none' } : { update: 'offered', before, now };
  }

  /** Replaces the learner's file with the problem. */
  reset(exercise: Exercise): void {
    const problem = readFileSync(exercise.problem, 'utf8');
    writeInto(this.fileOf(exercise), problem);
    writeInto(this.#copiedOf(exercise), problem);
  }

  /** The problem as it was copied. */
  #copiedOf({ key }: Exercise): string {
    return join(this.#path, '.copied', `${key}.ts`);
  }

  /** Imports and types in `my-work/NN-chapter/` are those of the chapter. */
  #prepareChapter(chapter: string): void {
    const folder = join(this.#path, chapter);
    const modules = join(folder, 'node_modules');
    makeFolder(this.#path);
    makeFolder(folder);
    if (!existsSync(modules)) {
      // A junction left over from before the clone was moved.
      rmSync(modules, { force: true });
      symlinkSync(join(this.#root, 'tutorials', chapter, 'node_modules'), modules, 'junction');
    }
    const settings = { extends: `../../tutorials/${chapter}/tsconfig.json`, include: ['*.ts'] };
    writeInto(join(folder, 'tsconfig.json'), `${JSON.stringify(settings, null, 2)}\n`);
  }
}

/**
 * Throws an Error that says what to do when a file has the name. Not `recursive`: with it, Node reports a read-only file
 * system as a path that does not exist (seen with 26.10).
 */
function makeFolder(path: string): void {
  if (!existsSync(path)) mkdirSync(path);
  if (statSync(path).isDirectory()) return;
  throw new Error(`${path} is a file, and your exercises need a folder of that name. Move the file, then try again.`);
}

function textOf(path: string): string | null {
  return existsSync(path) ? readFileSync(path, 'utf8') : null;
}

function writeInto(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}
