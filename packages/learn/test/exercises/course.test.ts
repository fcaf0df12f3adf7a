// The exercises of the chapters themselves: each problem fails for the reason its task names, each solution passes.
import { expect, test } from 'vitest';
import { findExercises } from '../../src/exercises/find.ts';
import { proveAll } from '../../src/exercises/proof.ts';

test('every problem fails for the reason its task names, every solution passes, every last hint quotes the solution', async () => {
  const unsound: string[] = [];

  await proveAll(findExercises(), ({ id }, problems) =>
    unsound.push(...problems.map((problem) => `${id}: ${problem}`)),
  );

  expect(unsound).toEqual([]);
});
