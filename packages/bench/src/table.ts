// A row of the table in words: medians, ratios to the fetch loop, the bar, and whether our agent stays under it.
import { APIS, type Series } from './rounds.ts';
import type { Row } from './rows.ts';
import type { Api } from './wire.ts';

const WIDTHS = [32, 10, 12, 18, 18, 9, 0];

export const HEADER: string = cells('metric', 'API', 'fetch loop', 'openai SDK', 'turnstream', 'bar', '');

/** One line for each API, and whether all of them are under the bar. */
export function rowLines(row: Row, series: Series): { lines: readonly string[]; ok: boolean } {
  const judged = APIS.map((api) => ({ api, ok: isUnderBar(row, series, api) }));
  const lines = judged.map(({ api, ok }) =>
    cells(
      row.title,
      api,
      amount(row, series.median(api, 'fetch', row.key)),
      compared(row, series, api, 'openai'),
      compared(row, series, api, 'turnstream'),
      barText(row),
      ok ? 'ok' : 'over',
    ),
  );
  return { lines, ok: judged.every(({ ok }) => ok) };
}

function isUnderBar({ bar, key }: Row, series: Series, api: Api): boolean {
  const ours = series.median(api, 'turnstream', key);
  if (bar.kind === 'ratio') return ours / series.median(api, 'fetch', key) <= bar.value;
  return bar.kind === 'most' ? ours <= bar.value : ours === bar.value;
}

function compared(row: Row, series: Series, api: Api, peer: 'openai' | 'turnstream'): string {
  const value = series.median(api, peer, row.key);
  if (row.bar.kind !== 'ratio') return amount(row, value);
  return `${(value / series.median(api, 'fetch', row.key)).toFixed(2)}  (${amount(row, value)})`;
}

function barText({ bar, unit }: Row): string {
  return `${bar.kind === 'exactly' ? '=' : '<='} ${bar.value}${bar.kind === 'ratio' || unit === '' ? '' : ` ${unit}`}`;
}

function amount({ unit }: Row, value: number): string {
  const digits = Math.abs(value) < 100 ? 1 : 0;
  return `${value.toFixed(Number.isInteger(value) ? 0 : digits)} ${unit}`.trimEnd();
}

function cells(...texts: readonly string[]): string {
  return texts
    .map((text, index) => text.padEnd(WIDTHS[index] ?? 0))
    .join('')
    .trimEnd();
}
