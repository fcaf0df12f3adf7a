// The exercise on the screen: its task, the file to edit, the failed expectation, and the hints shown so far.
import { join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Course } from '../course/course.ts';
import { fileDiff } from './file-diff.ts';
import { rendered, wrapped } from './markdown.ts';
import type { Paint, Window } from './window.ts';

export function taskLines(course: Course, window: Window, width: number, root: string): string[] {
  const { paint, links } = window;
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

export function shownPath(path: string, root: string): string {
  return relative(root, path);
}

/** Notices about recent changes, one paragraph each. */
function noticeLines({ justPassed, opened, doneCount }: Course, width: number, paint: Paint): string[] {
  const notices: string[][] = [];
  const add = (text: string, more: readonly string[] = []): number =>
    notices.push([...wrapped(text, width), ...more, '']);
  if (doneCount === 0) add('Open the file below in your editor: each save of it is checked here.');
  if (justPassed !== null) {
    add(paint('green', `✓ ${justPassed.task.title}. p goes back to it, and s shows a solution there.`));
  }
  if (opened.update === 'taken')
    add('This exercise was updated. You had not changed your file, so it has the new text.');
  if (opened.update === 'offered') {
    const changes = fileDiff(opened.before, opened.now, paint);
    add('This exercise was updated. Your file is as you left it; r takes the new one. What changed in it:', changes);
  }
  return notices.flat();
}

function resultLines(course: Course, width: number, paint: Paint): string[] {
  const { checked, exercises, doneCount } = course;
  if (checked === null) return [paint('dim', '… checking')];
  if (checked.sentence !== null) {
    const lines = wrapped(checked.sentence, width, { first: '✗ ', rest: '  ' });
    return lines.map((line) => paint(['red', 'bold'], line));
  }
  const further = doneCount === exercises.length ? 'That was the last one: all exercises are done.' : 'n goes on.';
  return wrapped(`✓ It passes. ${further}`, width).map((line) => paint('green', line));
}

function hintLines({ current, hints }: Course, width: number, paint: Paint): string[] {
  const all = current.task.hints;
  return all
    .slice(0, hints)
    .flatMap((hint, index) => [
      '',
      paint('yellow', `Hint ${index + 1} of ${all.length}`),
      ...rendered(hint, width, paint),
    ]);
}
