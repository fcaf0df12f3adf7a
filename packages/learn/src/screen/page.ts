// What is on the screen: the exercise with its one failed expectation, or a view over it, and the keys below.
import { join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import type { Course, View } from '../course/course.ts';
import type { Exercise } from '../exercises/find.ts';
import { fileDiff } from './file-diff.ts';
import { listLines } from './list.ts';
import { rendered, wrapped } from './markdown.ts';
import type { Paint } from './paint.ts';

export interface Window {
  readonly columns: number;
  readonly rows: number;
  readonly paint: Paint;
  /** Whether paths are links; without colours they are plain text. */
  readonly links: boolean;
}

/** Longer lines are hard to read. */
const WIDEST = 100;

export function page(course: Course, window: Window, root: string): string {
  const width = Math.min(window.columns, WIDEST);
  const views = {
    task: () => taskLines(course, window, width, root),
    diff: () => diffLines(course, window),
    list: () => listLines(course, window),
    output: () => outputLines(course),
    reset: () => wrapped(`Replace your ${shownPath(course.file, root)} by the original? y/n`, width),
  };
  const keys = keyLines(course.view, width).map((line) => window.paint('dim', line));
  return [...headLines(course, width, window.paint), '', ...views[course.view](), '', ...keys].join('\n');
}

/** A key and its word stay on one line. */
const KEYS = {
  task: ['h hint', 's solution', 'l list', 'n next', 'p previous', 'r reset', 't full output', 'q quit'],
  diff: ['s back to the task', 'q quit'],
  list: ['up/down choose', 'enter open', 'l back to the task', 'q quit'],
  output: ['t back to the task', 'q quit'],
  reset: ['y replace it', 'n keep it'],
} as const;

function keyLines(view: View, width: number): string[] {
  const keys = KEYS[view].map((key) => key.replaceAll(' ', NO_BREAK));
  return wrapped(keys.join(' · '), width).map((line) => line.replaceAll(NO_BREAK, ' '));
}

const NO_BREAK = '\u00A0';

function headLines(course: Course, width: number, paint: Paint): string[] {
  const { current, exercises, doneCount } = course;
  const siblings = exercises.filter(({ chapter }) => chapter === current.chapter);
  const place = `exercise ${siblings.indexOf(current) + 1} of ${siblings.length}`;
  const text = `${chapterTitle(current)}: ${place}, ${current.task.kind}. ${doneCount} of ${exercises.length} done.`;
  return wrapped(text, width).map((line) => paint('dim', line));
}

/** `03-streaming-and-multiturn` as "03 Streaming and multiturn". */
export function chapterTitle({ chapter }: Exercise): string {
  const [, number = '', first = '', rest = ''] = /^(\d+)-(.)(.*)$/.exec(chapter) ?? [];
  return `${number} ${first.toUpperCase()}${rest.replaceAll('-', ' ')}`;
}

function taskLines(course: Course, { paint, links }: Window, width: number, root: string): string[] {
  const { task, chapter } = course.current;
  const link = (path: string): string => {
    const text = shownPath(path, root);
    return links ? `\u001B]8;;${pathToFileURL(path).href}\u001B\\${text}\u001B]8;;\u001B\\` : text;
  };
  return [
    ...noticeLines(course, width, paint),
    ...wrapped(paint('bold', task.title), width),
    '',
    ...rendered(task.situation, width, paint),
    '',
    ...rendered(task.task, width, paint),
    '',
    `Edit ${link(course.file)}`,
    paint('dim', `Read ${link(join(root, 'tutorials', chapter, 'README.md'))}`),
    '',
    ...resultLines(course, width, paint),
    ...hintLines(course, width, paint),
  ];
}

function noticeLines({ justPassed, opened }: Course, width: number, paint: Paint): string[] {
  const passed = justPassed === null ? [] : [paint('green', `✓ ${justPassed.task.title}`), ''];
  if (opened.update === 'taken') {
    const text = 'This exercise was updated. You had not changed your file, so it has the new text.';
    return [...passed, ...wrapped(text, width), ''];
  }
  if (opened.update === 'none') return passed;
  const text =
    'This exercise was updated since you began. Your file is as you left it; r takes the new one. What changed:';
  return [...passed, ...wrapped(text, width), ...fileDiff(opened.before, opened.now, paint), ''];
}

function resultLines(course: Course, width: number, paint: Paint): string[] {
  const { checked, exercises, doneCount } = course;
  if (checked === null) return [paint('dim', '… checking')];
  if (checked.sentence !== null) {
    const marked = (line: string): string => paint(['red', 'bold'], line);
    return wrapped(checked.sentence, width, { first: '✗ ', rest: '  ' }).map(marked);
  }
  const further = doneCount === exercises.length ? 'That was the last one: all exercises are done.' : 'n goes on.';
  return wrapped(`It passes. ${further}`, width, { first: '✓ ', rest: '  ' }).map((line) => paint('green', line));
}

function hintLines({ current, hints }: Course, width: number, paint: Paint): string[] {
  const shown = current.task.hints.slice(0, hints);
  return shown.flatMap((hint, index) => [
    '',
    paint('yellow', `Hint ${index + 1} of ${current.task.hints.length}`),
    ...rendered(hint, width, paint),
  ]);
}

function diffLines(course: Course, { paint }: Window): string[] {
  const [mine, solution] = course.texts();
  const lines = fileDiff(mine, solution, paint);
  const head = 'From your file (-) to the solution (+). Other right answers pass too.';
  return [head, '', ...(lines.length === 0 ? ['Your file is the solution, word for word.'] : lines)];
}

function outputLines({ checked }: Course): string[] {
  if (checked === null) return ['… checking'];
  return [
    checked.sentence ?? 'It passes.',
    '',
    ...(checked.output === '' ? ['Nothing was printed.'] : [stripVTControlCharacters(checked.output).trimEnd()]),
  ];
}

function shownPath(path: string, root: string): string {
  return relative(root, path);
}
