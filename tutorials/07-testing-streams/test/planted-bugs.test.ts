// Who tests the tests: every planted bug is found, by the checks that are meant to find it and by no other.
import { mockModel, reply } from '@turnstream/testkit';
import { expect, test } from 'vitest';
import { plantedBugs } from '../planted-bugs.ts';
import { checks } from './checks.ts';

test.each(plantedBugs)('a chat that $name is found by $foundBy', async ({ open, foundBy }) => {
  const found: string[] = [];

  for (const [name, check] of Object.entries(checks)) await check(open).catch(() => found.push(name));

  expect(found).toEqual(foundBy);
});

test('"at least two pieces" does not find a chat that joins the first two', async () => {
  using model = mockModel(reply(['Python is ', 'a lang', 'uage.']));
  const { open } = plantedBugs.find(({ name }) => name === 'joins the first two pieces')!;

  const updates = await Array.fromAsync(open(model.baseURL).ask('ada', 'What is Python?'));

  expect(updates.filter(({ text }) => text !== '').length).toBeGreaterThanOrEqual(2);
});

test('every check finds a bug', () => {
  expect(new Set(plantedBugs.flatMap(({ foundBy }) => foundBy))).toEqual(new Set(Object.keys(checks)));
});
