// A learner at a real terminal: opens an exercise, fails, asks for hints, edits, passes, looks around and leaves.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { CourseFolder, returning } from './course-folder.ts';
import { needsTerminal, TestTerminal } from './terminal.ts';

const FIRST_FAILS = '✗ expected what `one` returns to be 1; it was 0';
const SECOND_FAILS = '✗ expected what `two` returns to be 2; it was 0';

const twoExercises = (): CourseFolder =>
  new CourseFolder({ ...returning('01-one', 'one', 1), ...returning('02-two', 'two', 2) });

const learnIn = (root: string): string[] => [process.execPath, join(import.meta.dirname, 'learn-in.ts'), root];

const open = ({ root }: CourseFolder, env = {}): TestTerminal => new TestTerminal(learnIn(root), env);

test(
  'opens the first exercise, says what is expected in one sentence, and h shows one hint more each time',
  needsTerminal,
  async () => {
    using course = twoExercises();
    await using terminal = open(course);

    await terminal.shows(FIRST_FAILS);
    expect(terminal.screen).toContain('01 First agent: exercise 1 of 2, fix. 0 of 2 done.');
    expect(terminal.screen).toContain('Let one return 1\n\nA function returns 0.\n\nMake it return something else.');
    expect(terminal.screen).toContain('Edit my-work/01-first-agent/one.ts\nRead tutorials/01-first-agent/README.md');
    expect(terminal.screen).not.toContain(' at ');

    terminal.type('h');
    await terminal.shows('Hint 1 of 3\nThink of one.');
    expect(terminal.screen).not.toContain('Hint 2');
    terminal.type('hhh');
    await terminal.shows('Hint 3 of 3\n    export const one = () => 1;');
    expect(terminal.screen).toContain('Hint 2 of 3\nLook at one.');
  },
);

test('a save that passes leads to the next exercise, until all are done', needsTerminal, async () => {
  using course = twoExercises();
  await using terminal = open(course);
  await terminal.shows(FIRST_FAILS);

  course.save('one', 'export const one = () => 7;');
  await terminal.shows('to be 1; it was 7');
  course.save('one', 'export const one = () => 1;');
  await terminal.shows(SECOND_FAILS);
  expect(terminal.screen).toContain('✓ Let one return 1. p goes back to it');
  expect(terminal.screen).toContain('exercise 2 of 2, fix. 1 of 2 done.');
  course.save('two', 'export const two = () => 2;');

  await terminal.shows('That was the last one: all exercises are done.');
});

test('n and p go on and back, l lists the exercises, and a passed one is shown as it is', needsTerminal, async () => {
  using course = twoExercises();
  await using terminal = open(course);
  await terminal.shows(FIRST_FAILS);
  course.save('one', 'export const one = () => 1;');
  await terminal.shows(SECOND_FAILS);

  terminal.type('p');
  await terminal.shows('✓ It passes. n goes on.');
  terminal.type('n');
  await terminal.shows(SECOND_FAILS);

  terminal.type('l');
  await terminal.shows('  ✓ 01-first-agent/01-one  Let one return 1\n>   01-first-agent/02-two  Let two return 2');
  terminal.type('\u001B[A');
  await terminal.shows('> ✓ 01-first-agent/01-one');
  terminal.type('\r');
  await terminal.shows('✓ It passes. n goes on.');
});

test('a removed file is reported, and r restores it', needsTerminal, async () => {
  using course = twoExercises();
  await using terminal = open(course);
  await terminal.shows(FIRST_FAILS);

  rmSync(join(course.root, 'my-work/01-first-agent/one.ts'));
  await terminal.shows('✗ the file is gone; r restores the problem');
  terminal.type('r');
  await terminal.shows('with the original? y/n');
  terminal.type('y');

  await terminal.shows(FIRST_FAILS);
  expect(course.mine('one')).toBe('export const one = () => 0;\n');
});

test('s shows the way to the solution, t all that was printed', needsTerminal, async () => {
  using course = twoExercises();
  await using terminal = open(course);
  await terminal.shows(FIRST_FAILS);

  terminal.type('s');
  await terminal.shows('- export const one = () => 0;\n+ export const one = () => 1;');
  course.save('one', 'export const one = () => { console.log("here"); throw new Error("oh"); };');
  await terminal.shows('✗ your code failed with Error (one.ts, line 1): oh');
  terminal.type('t');

  await terminal.shows(/here\n+Error: oh\n +at /);
});

test('r asks first, and puts the problem back', needsTerminal, async () => {
  using course = twoExercises();
  await using terminal = open(course);
  await terminal.shows(FIRST_FAILS);
  course.save('one', 'export const one = () => 7;');
  await terminal.shows('to be 1; it was 7');

  terminal.type('r');
  await terminal.shows('Replace your my-work/01-first-agent/one.ts with the original? y/n');
  terminal.type('n');
  await terminal.shows('to be 1; it was 7');
  expect(course.mine('one')).toBe('export const one = () => 7;');
  terminal.type('r');
  await terminal.shows('with the original? y/n');
  terminal.type('y');

  await terminal.shows(FIRST_FAILS);
  expect(course.mine('one')).toBe('export const one = () => 0;\n');
});

test('q, Ctrl-C and Ctrl-D quit with exit code 0, and progress is kept', needsTerminal, async () => {
  using course = twoExercises();
  await using first = open(course);
  await first.shows(FIRST_FAILS);
  course.save('one', 'export const one = () => 1;');
  await first.shows(SECOND_FAILS);

  first.type('q');

  expect(await first.ended()).toBe(0);
  for (const key of ['\u0003', '\u0004', 'q']) {
    await using next = open(course);
    await next.shows(SECOND_FAILS);
    expect(next.screen).toContain('1 of 2 done');
    next.type(key);
    expect(await next.ended()).toBe(0);
  }
});

test(
  'an exercise that was updated meanwhile says so, and what changed when the file was edited',
  needsTerminal,
  async () => {
    using course = twoExercises();
    await using before = open(course);
    await before.shows(FIRST_FAILS);
    before.type('n');
    await before.shows(SECOND_FAILS);
    course.save('two', 'export const two = () => 7;');
    await before.shows('to be 2; it was 7');
    before.type('q');
    await before.ended();
    course.write('01-one/problem.ts', 'export const one = () => -1;\n');
    course.write('02-two/problem.ts', 'export const two = () => -2;\n');

    await using after = open(course);

    await after.shows('to be 2; it was 7');
    expect(after.screen).toContain('Your file is as you left it; r takes the new one.');
    expect(after.screen).toContain('- export const two = () => 0;\n+ export const two = () => -2;');
    after.type('p');
    await after.shows('to be 1; it was -1');
    expect(after.screen).toContain('This exercise was updated. You had not changed your file');
  },
);

test('an endless loop does not stop the keys', needsTerminal, async () => {
  using course = twoExercises();
  await using terminal = open(course);
  await terminal.shows(FIRST_FAILS);

  course.save('one', 'export const one = () => { for (;;); };');
  await terminal.shows('… checking');
  terminal.type('n');

  await terminal.shows(SECOND_FAILS);
});

test(
  'a narrow window wraps at words, a resize draws anew, and pasted text does not count as a key',
  needsTerminal,
  async () => {
    using course = twoExercises();
    await using terminal = open(course);
    await terminal.shows(FIRST_FAILS);

    terminal.resize(24, 30);
    await terminal.shows('✗ expected what `one`\n  returns to be 1; it\n  was 0');
    expect(terminal.screen).toContain('h hint · s solution ·\nl list · n next ·');
    terminal.resize(80, 40);
    await terminal.shows(FIRST_FAILS);

    course.save('one', 'export const one = () => 7;');
    await terminal.shows('to be 1; it was 7');
    terminal.type('query');
    terminal.resize(70, 40);
    await terminal.shows(/r reset ·\nt full/);
    expect(course.mine('one')).toBe('export const one = () => 7;');
  },
);

test(
  'colors and links only where NO_COLOR does not forbid them, on 80 by 24 where the terminal does not say its size',
  needsTerminal,
  async () => {
    using course = twoExercises();
    await using plain = open(course, { NO_COLOR: '1', TERMINAL_SIZE: '0 0' });
    await using painted = open(course);

    await Promise.all([plain.shows(FIRST_FAILS), painted.shows(FIRST_FAILS)]);

    expect(plain.written.replaceAll('\u001B[H\u001B[J', '')).not.toContain('\u001B');
    expect(plain.written.split('\u001B[H\u001B[J')[0]).toBe('\r\n'.repeat(23));
    expect(painted.written).toContain(`\u001B]8;;file://${course.root}/my-work/01-first-agent/one.ts`);
  },
);

test('Ctrl-Z gives the shell its terminal, fg goes on, and quitting leaves it as it was', needsTerminal, async () => {
  using course = twoExercises();
  await using shell = new TestTerminal(['bash', '--norc', '--noprofile', '-i']);
  // A shell between the terminal's shell and the program, as pnpm puts one there.
  const command = learnIn(course.root).map((part) => `"${part}"`);
  shell.type(`sh -c '${command.join(' ')}; exit $?'\r`);
  await shell.shows(FIRST_FAILS);

  shell.type('\u001A');
  await shell.shows('Stopped');
  shell.type('stty -a\r');
  await shell.shows(/ icanon [^]* echo /);
  shell.type('fg\r');
  await shell.shows(/^(?![^]*Stopped)[^]*it was 0/);
  shell.type('h');
  await shell.shows('Hint 1 of 3');
  shell.type('q');
  await shell.shows(/# $|\$ $/);
  shell.type('echo "left with $?"; stty -a\r');

  await shell.shows(/left with 0[^]* icanon [^]* echo /);
});
