// Whatever the learner's code does, the learner reads one sentence.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { CheckRunners } from '../../src/exercises/proof.ts';
import { CheckRunner } from '../../src/process/check-runner.ts';
import { SavedChecks } from '../../src/process/saved-checks.ts';
import { CourseFolder, returning } from '../course-folder.ts';

let desks = 0;

class Desk implements Disposable {
  readonly folder: CourseFolder = new CourseFolder(returning('01-one', 'one', 1));
  readonly job: { check: string; file: string } = {
    check: join(this.folder.root, 'tutorials/01-first-agent/exercises/01-one/check.ts'),
    // A path of its own: a process that has loaded a file does not load it again.
    file: join(this.folder.root, `${(desks += 1)}`, 'mine.ts'),
  };

  constructor(code: string) {
    mkdirSync(dirname(this.job.file));
    writeFileSync(this.job.file, code);
  }

  [Symbol.dispose](): void {
    this.folder[Symbol.dispose]();
  }
}

const shared = new CheckRunners();

afterAll(() => shared[Symbol.asyncDispose]());

test.for<[string, string, string | RegExp | null]>([
  ['a right answer', 'export const one = () => 1;', null],
  ['a wrong one', 'export const one = () => 2;', 'expected what `one` returns to be 1; it was 2'],
  ['no answer', 'export const two = 2;', 'expected the file to export `one`; it does not'],
  [
    'a syntax error',
    'const a = 1;\nexport const one = () => {',
    /^the file is not valid TypeScript \(mine\.ts, line 2\): \S/,
  ],
  ['a name declared twice', 'const one = 1;\nconst one = 2;', /^the file is not valid TypeScript.*: .*'one'|`one`/],
  [
    'TypeScript that is not only types',
    'export enum One { a }',
    /^TypeScript enum is not supported in strip-only mode \(mine\.ts, line 1\)/,
  ],
  [
    'an import of a package that is not there',
    "import 'no-such-package';",
    /^an import cannot be resolved: Cannot find package 'no-such-package'/,
  ],
  [
    'an import of a name that is not there',
    "import { nothing } from 'node:fs';\nnothing();",
    /^an import fails \(mine\.ts, line 1\): .* does not provide an export named 'nothing'$/,
  ],
  [
    'an error',
    '\nexport const one = () => JSON.parse("{");',
    /^your code failed with SyntaxError \(mine\.ts, line 2\): Expected property name/,
  ],
  [
    'an error with a code',
    'export const one = () => { throw Object.assign(new Error("oh\\nand more"), { code: "bad" }); };',
    'your code failed with Error bad (mine.ts, line 1): oh',
  ],
  [
    'what is not written yet',
    'export const one = () => { throw new Error("TODO: return 1"); };',
    'TODO (mine.ts, line 1): return 1',
  ],
  ['what is not an Error', 'export const one = () => { throw "oh"; };', "your code threw 'oh', which is not an Error"],
  [
    'a rejection that nobody handles',
    'void Promise.reject(new Error("late"));\nawait new Promise((resolve) => setTimeout(resolve, 1_000));',
    'your code failed with Error (mine.ts, line 1): late',
  ],
  [
    'the end of the process',
    'process.exit(3);',
    'your code ended the process (exit code 3) before the check had finished',
  ],
])('%s', async ([, code, sentence]) => {
  using desk = new Desk(code);

  const outcome = await shared.check(desk.job);

  expect(outcome.sentence).toEqual(sentence instanceof RegExp ? expect.stringMatching(sentence) : sentence);
});

test.for([
  ['an endless loop', 'export const one = () => { for (;;); };'],
  ['a promise that never settles', 'await new Promise(() => setInterval(() => {}, 1_000));'],
])('%s ends at the limit', async ([, code]) => {
  using desk = new Desk(code!);
  await using runner = new CheckRunner({ limitMs: 300 });

  const { sentence } = await runner.check(desk.job);

  expect(sentence).toBe(
    'your code was still running after 0.3 s: look for an endless loop, or a promise that never settles',
  );
  expect(runner.isUsable).toBe(false);
});

test('one process runs many checks, and the second failure of one is not the outcome of the next', async () => {
  using twice = new Desk(
    'export const one = () => { void Promise.reject(new Error("late")); throw new Error("oh"); };',
  );
  using right = new Desk('export const one = () => 1;');
  await using runner = new CheckRunner();

  const { sentence } = await runner.check(twice.job);

  expect(sentence).toBe('your code failed with Error (mine.ts, line 1): oh');
  expect(await runner.check(right.job)).toEqual({ sentence: null });
});

test('the libraries of a model are loaded when a check needs them, or beforehand', async () => {
  using plain = new Desk('export const one = () => 1;');
  using asking = new Desk('export const one = () => 1;');
  writeFileSync(
    asking.job.check,
    `import { exercise } from '@turnstream/learn/check';
export const check = exercise(async ({ model }) => void (await model()));`,
  );
  // A busy machine may take its time to load them.
  const limitMs = 60_000;
  await using runner = new CheckRunner({ limitMs });
  await using prepared = new CheckRunner({ limitMs, needsModel: true });

  const outcomes = [await runner.check(plain.job), await runner.check(asking.job), await prepared.check(plain.job)];

  expect(outcomes).toEqual([
    { sentence: null },
    { sentence: null, usesModel: true },
    { sentence: null, usesModel: true },
  ]);
});

test('the output has what was printed and the stacks', async () => {
  using desk = new Desk('console.log("printed");\nexport const one = () => { throw new Error("oh"); };');
  await using checks = new SavedChecks();

  const checked = await checks.check(desk.job);

  expect(checked?.output).toMatch(/^printed\nError: oh\n +at one \(.*mine\.ts:2/);
});

test('no key of the machine reaches the learner', async () => {
  using desk = new Desk('export const one = () => Number(process.env.OPENAI_API_KEY === "");');
  process.env['OPENAI_API_KEY'] = 'secret';
  await using runner = new CheckRunner();
  delete process.env['OPENAI_API_KEY'];

  const { sentence } = await runner.check(desk.job);

  expect(sentence).toBeNull();
});

test('a save makes the check before it pointless', async () => {
  using endless = new Desk('export const one = () => { for (;;); };');
  using right = new Desk('export const one = () => 1;');
  await using checks = new SavedChecks();

  const [first, second] = await Promise.all([checks.check(endless.job), checks.check(right.job)]);

  expect(first).toBeNull();
  expect(second).toEqual({ sentence: null, output: '' });
});
