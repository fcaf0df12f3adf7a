// The learner's progress: `my-work/progress.json`, small and versioned.
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

export interface Progress {
  /** Key of the exercise that was open last. */
  readonly current: string | null;
  /** Keys of the exercises that have passed. Includes removed exercises: they may come back. */
  readonly done: readonly string[];
}

const VERSION = 1;

/** Throws an Error that names the file and what to do, when it is damaged or from a newer version. */
export function readProgress(path: string): Progress {
  if (!existsSync(path)) return { current: null, done: [] };
  const { version, current, done } = parse(readFileSync(path, 'utf8'));
  const isKnown = version === VERSION && Array.isArray(done) && done.every((key) => typeof key === 'string');
  if (isKnown && (current === null || typeof current === 'string')) return { current, done };
  const what = typeof version === 'number' && version > VERSION ? `is from the newer version ${version}` : 'is damaged';
  throw new Error(`${path} ${what}. Delete it to reset your progress; your other files stay.`);
}

/** Merges into the stored progress, so that another process, for example in a second terminal, loses nothing. */
export function recordProgress(path: string, news: { readonly current?: string; readonly passed?: string }): void {
  const { current, done } = readProgress(path);
  const all = news.passed === undefined ? done : [...new Set([...done, news.passed])];
  writeWhole(path, { version: VERSION, current: news.current ?? current, done: all });
}

/** Atomic: the file holds the old text or the new one, never half. */
function writeWhole(path: string, value: object): void {
  mkdirSync(dirname(path), { recursive: true });
  const unfinished = `${path}.${process.pid}`;
  writeFileSync(unfinished, `${JSON.stringify(value, null, 2)}\n`);
  renameSync(unfinished, path);
}

function parse(text: string): Readonly<Record<string, unknown>> {
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === 'object' && parsed !== null ? { ...parsed } : {};
  } catch {
    return {};
  }
}
