// The screen: the learner's position, the exercise or a view of it, and the keys below.
import { stripVTControlCharacters } from 'node:util';
import type { Course, View } from '../course/course.ts';
import { fileDiff } from './file-diff.ts';
import { listLines } from './list.ts';
import { wrapped } from './markdown.ts';
import { shownPath, taskLines } from './task-view.ts';
import type { Window } from './window.ts';

/** Longer lines are hard to read. */
const WIDEST = 100;

export function page(course: Course, window: Window, root: string): string {
  const width = Math.min(window.columns, WIDEST);
  const views = {
    task: () => taskLines(course, window, width, root),
    diff: () => diffLines(course, window),
    list: () => listLines(course, window),
    output: () => outputLines(course),
    reset: () => wrapped(`Replace your ${shownPath(course.file, root)} with the original? y/n`, width),
  };
  const dim = (line: string): string => window.paint('dim', line);
  const head = headLines(course, width).map(dim);
  const keys = keyLines(course.view, width).map(dim);
  return [...head, '', ...views[course.view](), '', ...keys].join('\n');
}

/** "03 Streaming and multiturn: exercise 2 of 8, fix. 12 of 39 done." */
function headLines(course: Course, width: number): string[] {
  const { current, exercises, doneCount } = course;
  const siblings = exercises.filter(({ chapter }) => chapter === current.chapter);
  const [, number = '', first = '', rest = ''] = /^(\d+)-(.)(.*)$/.exec(current.chapter) ?? [];
  const chapter = `${number} ${first.toUpperCase()}${rest.replaceAll('-', ' ')}`;
  const place = `exercise ${siblings.indexOf(current) + 1} of ${siblings.length}`;
  return wrapped(`${chapter}: ${place}, ${current.task.kind}. ${doneCount} of ${exercises.length} done.`, width);
}

const KEYS = {
  task: ['h hint', 's solution', 'l list', 'n next', 'p previous', 'r reset', 't full output', 'q quit'],
  diff: ['s back to the task', 'q quit'],
  list: ['up/down choose', 'enter open', 'l back to the task', 'q quit'],
  output: ['t back to the task', 'q quit'],
  reset: ['y replace it', 'n keep it'],
} as const;

/** A key and its word stay on one line. */
const NO_BREAK = '\u00A0';

function keyLines(view: View, width: number): string[] {
  const keys = KEYS[view].map((key) => key.replaceAll(' ', NO_BREAK));
  return wrapped(keys.join(' · '), width).map((line) => line.replaceAll(NO_BREAK, ' '));
}

function diffLines(course: Course, { paint }: Window): string[] {
  const [mine, solution] = course.texts();
  const lines = fileDiff(mine, solution, paint);
  const head = 'From your file (-) to the solution (+). Other right answers pass too.';
  return [head, '', ...(lines.length === 0 ? ['Your file is the solution, word for word.'] : lines)];
}

function outputLines({ checked }: Course): string[] {
  if (checked === null) return ['… checking'];
  const output = stripVTControlCharacters(checked.output).trimEnd();
  return [checked.sentence ?? 'It passes.', '', output === '' ? 'Nothing was printed.' : output];
}
