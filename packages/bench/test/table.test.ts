// What the benchmark makes of its readings.
import { expect, test } from 'vitest';
import { markdown, pageOf } from '../src/page.ts';
import { Series } from '../src/rounds.ts';
import type { Row } from '../src/rows.ts';
import { headOf, type Line, lineOf } from '../src/table.ts';

const columns = { floor: 'fetch', compared: ['openai', 'turnstream', 'ai'], ours: 'turnstream' };
const row: Row = { title: 'CPU', key: 'micros', unit: 'us', bar: { kind: 'ratio', value: 1 } };

function seriesOf(readings: Readonly<Record<string, readonly number[]>>): Series {
  const series = new Series();
  for (const [name, values] of Object.entries(readings)) for (const micros of values) series.add(name, { micros });
  return series;
}

test('a cell is a ratio of medians with the range over the rounds, and empty for somebody who was not measured', () => {
  const series = seriesOf({ fetch: [10, 20, 15], openai: [20, 50, 30], turnstream: [9, 18, 12] });

  const line = lineOf(row, 'chat', series, columns);

  expect(headOf(columns)).toEqual(['metric', 'API', 'fetch', 'openai', 'turnstream', 'ai', 'bar', '']);
  expect(line).toEqual({
    cells: ['CPU', 'chat', '15 us (10-20)', '2.00 (2.00-2.50)', '0.80 (0.80-0.90)', '', '<= 1', 'ok'],
    ok: true,
  });
});

test.for<[Row['bar'], string, string]>([
  [{ kind: 'ratio', value: 1.5 }, '<= 1.5', 'over'],
  [{ kind: 'most', value: 20 }, '<= 20 us', 'ok'],
  [{ kind: 'exactly', value: 19 }, '= 19 us', 'over'],
  [{ kind: 'none' }, '', ''],
])('a bar of %j is judged', ([bar, text, verdict]) => {
  const series = seriesOf({ fetch: [10], turnstream: [20] });

  const { cells, ok } = lineOf({ ...row, bar }, 'chat', series, columns);

  expect(cells.slice(-2)).toEqual([text, verdict]);
  expect(ok).toBe(verdict !== 'over');
});

test('the page has each row of both tables and the machine', () => {
  const lines: readonly Line[] = [{ cells: ['CPU', 'chat', '1.00'], ok: true }];
  const [clients, servers] = [
    { head: ['metric', 'API', 'fetch'], lines },
    { head: ['metric', 'API', 'node:http'], lines },
  ];

  const page = pageOf({ machine: 'Node 26, 2 x CPU', rounds: 3, clients, servers });

  expect(page).toContain('Measured on Node 26, 2 x CPU.');
  expect(page).toContain(markdown(clients));
  expect(page).toContain('| metric | API | node:http |\n| --- | --- | --- |\n| CPU | chat | 1.00 |');
});
