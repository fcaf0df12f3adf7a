// `learn` without a terminal: what it prints, and its exit codes.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, test, vi } from 'vitest';
import { learn as command } from '../src/command.ts';
import { CourseFolder, returning } from './course-folder.ts';

const twoExercises = (): CourseFolder =>
  new CourseFolder({ ...returning('01-one', 'one', 1), ...returning('02-two', 'two', 2) });

function learn(
  { root }: CourseFolder,
  ...args: readonly string[]
): { code: number | null; stdout: string; stderr: string } {
  const program = join(import.meta.dirname, 'learn-in.ts');
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, root, ...args], {
    encoding: 'utf8',
    cwd: root,
  });
  return { code: status, stdout, stderr };
}

test('--check copies the exercise and says what is expected; one that passes is done, and --list shows it', () => {
  using course = twoExercises();

  const failing = learn(course, '--check', '1/2');
  course.save('two', 'export const two = () => 2;');
  const passing = learn(course, '--check', 'two');
  const listed = learn(course, '--', '--list');

  expect(failing).toEqual({
    code: 1,
    stdout: 'my-work/01-first-agent/two.ts: expected what `two` returns to be 2; it was 0\n',
    stderr: '',
  });
  expect(passing).toMatchObject({ code: 0, stdout: 'my-work/01-first-agent/two.ts: passes\n' });
  expect(listed).toMatchObject({
    code: 0,
    stdout: '  01-first-agent/01-one  fix: Let one return 1\n✓ 01-first-agent/02-two  fix: Let two return 2\n',
  });
});

test('a reader that leaves changes neither the exit code nor stderr', async () => {
  using course = twoExercises();
  const child = spawn(process.execPath, [join(import.meta.dirname, 'learn-in.ts'), course.root, '--check', 'one']);
  child.stdout.destroy();

  const [[code], stderr] = await Promise.all([once(child, 'close'), text(child.stderr)]);

  expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
});

test('a second call in one process adds no listener to stdout', async () => {
  using write = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  await command(['--help'], '.');
  const before = process.stdout.listenerCount('error');

  await command(['--help'], '.');

  expect(write).toHaveBeenCalledTimes(2);
  expect(process.stdout.listenerCount('error')).toBe(before);
});

test('--check takes a path, and what was printed goes to stderr', () => {
  using course = twoExercises();
  course.write('01-one/solution.ts', 'console.log("here");\nexport const one = () => 1;');

  const ran = learn(course, '--check', 'tutorials/01-first-agent/exercises/01-one/solution.ts');

  expect(ran).toEqual({
    code: 0,
    stdout: 'tutorials/01-first-agent/exercises/01-one/solution.ts: passes\n',
    stderr: 'here\n',
  });
});

test('--all names what is unsound', () => {
  using course = twoExercises();
  course.write('02-two/solution.ts', 'export const two = () => 3;');

  const ran = learn(course, '--all');

  expect(ran.stdout).toContain('01-first-agent/02-two: solution.ts does not pass: expected what `two` returns');
  expect(ran.stdout).toMatch(/2 exercises, 1 of them unsound\n$/);
  expect(ran.code).toBe(1);
});

test.for([
  [
    ['--check', 'three'],
    'There is no exercise "three". Choose one of\n  01-first-agent/01-one\n  01-first-agent/02-two\n',
  ],
  [['--check', 'no/such.ts'], '/no/such.ts belongs to no exercise\n'],
  [['--foo'], "Unknown option '--foo'\n\nusage: npx -y pnpm@12 learn [option]\n"],
  [['--check'], "Option '--check <value>' argument missing\n\nusage: npx -y pnpm@12 learn [option]\n"],
  [[], 'An exercise opens in a terminal.'],
] as const)('%j cannot be done, which is exit code 2', ([args, message]) => {
  using course = twoExercises();

  const ran = learn(course, ...args);

  expect(ran).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining(message) });
});
