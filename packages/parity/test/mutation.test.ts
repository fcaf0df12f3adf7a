// How the mutants are drawn and counted. That Stryker finds them and the warm runner tries them shows in each run.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { drawn } from '../mutation/draw.ts';
import type { Mutant } from '../mutation/instrument.ts';
import type { Fate } from '../mutation/measure.ts';
import { score, survivorLines } from '../mutation/page.ts';
import { withinBudget } from '../mutation/within-budget.ts';

const seed = 'a seed';

function mutantsOf(file: string, count: number): Mutant[] {
  return Array.from({ length: count }, (_, line) => ({
    id: `${file}${line}`,
    file,
    line,
    original: '<',
    replacement: '>',
  }));
}

test('a share of each file is drawn, or the least number, and the weights stand for every mutant', () => {
  const files = fc.uniqueArray(fc.tuple(fc.stringMatching(/^[a-z]{1,5}$/), fc.integer({ min: 1, max: 60 })), {
    selector: ([name]) => name,
    minLength: 1,
    maxLength: 5,
  });

  fc.assert(
    fc.property(files, fc.integer({ min: 1, max: 100 }), fc.integer({ min: 1, max: 10 }), (sizes, percent, least) => {
      const mutants = sizes.flatMap(([file, count]) => mutantsOf(file, count));

      const sample = drawn(mutants, { seed, share: percent / 100, least });

      for (const [name, count] of sizes) {
        const ofFile = sample.filter(({ file }) => file === name);
        expect(ofFile).toHaveLength(Math.min(count, Math.max(least, Math.ceil((percent / 100) * count))));
        expect(ofFile.reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(count);
      }
    }),
  );
});

test('the same mutants are drawn whatever the order and the ids they come in', () => {
  const mutants = mutantsOf('run.ts', 40);
  const renumbered = mutants.toReversed().map((mutant, id) => ({ ...mutant, id: String(id) }));

  const [sample, again] = [mutants, renumbered].map((each) => drawn(each, { seed, share: 0.25, least: 8 }));

  expect(again?.map(({ line }) => line)).toEqual(sample?.map(({ line }) => line));
});

test('another seed draws other mutants', () => {
  const mutants = mutantsOf('run.ts', 40);

  const [sample, other] = [seed, 'another'].map((each) => drawn(mutants, { seed: each, share: 0.25, least: 8 }));

  expect(other?.map(({ line }) => line)).not.toEqual(sample?.map(({ line }) => line));
});

test('a score counts each mutant as many times as it stands for, and survivors are listed with their place', () => {
  const fate = (line: number, status: Fate['status'], weight: number): Fate => ({
    id: String(line),
    package: 'core',
    file: 'run/turn.ts',
    line,
    original: 'a  <\n b',
    replacement: '',
    status,
    weight,
  });
  const fates = [fate(1, 'noticed', 4), fate(2, 'noticed by time', 2), fate(3, 'survived', 3), fate(4, 'not run', 1)];

  expect(score(fates)).toBe(60);
  expect(survivorLines(fates)).toEqual([
    'core/run/turn.ts:3 `a < b` → nothing',
    'core/run/turn.ts:4 `a < b` → nothing (not run)',
  ]);
});

test('a mutant is tried with the tests of its room, then with the quickest, up to the budget', () => {
  const mutants = mutantsOf('protocols/a2a/task.ts', 2);
  const covered = (file: string, cpuMs: number, ...lines: readonly number[]) => ({
    file,
    cpuMs,
    ms: 0,
    hits: Object.fromEntries(lines.map((line) => [`protocols/a2a/task.ts${line}`, 7])),
  });

  const plan = withinBudget(
    {
      own: covered('test/protocols/a2a/task.test.ts', 18_000, 0),
      near: covered('test/protocols/errors.test.ts', 12_000, 0, 1),
      slow: covered('test/routes/chat.test.ts', 24_000, 0, 1),
      quick: covered('test/routes/runs.test.ts', 100, 0, 1),
    },
    mutants,
  );

  expect(Object.entries(plan).map(([file, { hits }]) => [file, Object.keys(hits)])).toEqual([
    ['own', ['protocols/a2a/task.ts0']],
    ['near', ['protocols/a2a/task.ts0', 'protocols/a2a/task.ts1']],
    ['quick', ['protocols/a2a/task.ts1']],
  ]);
  expect(plan['near']!.hits).toEqual({ 'protocols/a2a/task.ts0': 7, 'protocols/a2a/task.ts1': 7 });
});
