// progress.json: small, versioned, and never half.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readProgress, recordProgress } from '../../src/work/progress.ts';
import { WorkFolder } from '../../src/work/work-folder.ts';
import { CourseFolder } from '../course-folder.ts';

test('without a file nothing is done', () => {
  using course = new CourseFolder({});

  expect(readProgress(new WorkFolder(course.root).progressFile)).toEqual({ current: null, done: [] });
});

test('what is recorded adds up, and an exercise counts once', () => {
  using course = new CourseFolder({});
  const { progressFile } = new WorkFolder(course.root);

  recordProgress(progressFile, { current: '01/a' });
  recordProgress(progressFile, { passed: '01/a' });
  recordProgress(progressFile, { passed: '01/a' });
  recordProgress(progressFile, { passed: '01/b' });

  expect(JSON.parse(readFileSync(progressFile, 'utf8'))).toEqual({
    version: 1,
    current: '01/a',
    done: ['01/a', '01/b'],
  });
});

test.for([
  ['{ "version": 2 }', 'is from the newer version 2'],
  ['{ "version": 1, "done": 7 }', 'is damaged'],
  ['{ "version": 1, "current": 7, "done": [] }', 'is damaged'],
  ['[', 'is damaged'],
  ['null', 'is damaged'],
] as const)('%s is refused by name', ([text, problem]) => {
  using course = new CourseFolder({});
  const { progressFile } = new WorkFolder(course.root);
  mkdirSync(`${course.root}/my-work`);
  writeFileSync(progressFile, text);

  expect(() => readProgress(progressFile)).toThrow(
    `${progressFile} ${problem}. Delete it to reset your progress; your other files stay.`,
  );
});
