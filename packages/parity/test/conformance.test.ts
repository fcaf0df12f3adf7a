// The rows of the comparison with other libraries: those of this library run with every test, and all hold.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { rows } from '../conformance/check-all.ts';
import { Lab } from '../conformance/lab.ts';
import { turnstream } from '../conformance/turnstream-adapter.ts';

const asked = rows.flatMap((row) =>
  turnstream.apis
    .filter((api) => row.only === undefined || row.only === api)
    .map((api) => ({ api, id: row.id, situation: row.situation, row })),
);

test.each(asked)('$id, over $api: $situation', async ({ row, api }) => {
  const finding = await row.check(new Lab(turnstream, api));

  expect(finding).toMatchObject({ holds: true });
});

test('the rows are M1 to M33', () => {
  expect(rows.map(({ id }) => id)).toEqual(Array.from({ length: 33 }, (_, index) => `M${index + 1}`));
});

test('the page of the comparison has these rows', () => {
  const page = readFileSync(new URL('../../../docs/reference/conformance.md', import.meta.url), 'utf8');
  const written = [...page.matchAll(/^\| (M\d+) \| (.*?) \| (.*?) \|/gm)].map(([, id, situation, asks]) => ({
    id,
    situation,
    asks,
  }));

  expect(written).toEqual(rows.map(({ id, situation, asks }) => ({ id, situation, asks })));
});
