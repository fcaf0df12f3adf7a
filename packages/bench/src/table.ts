// A row of a table in words: medians with their ranges, ratios to the floor, the bar, and whether ours stays under it.
import { median } from './median.ts';
import type { Series } from './rounds.ts';
import type { Row } from './rows.ts';

/** Who is compared, by name: the floor first, then the others, ours among them. */
export interface Columns {
  readonly floor: string;
  readonly compared: readonly string[];
  /** Whose value the bar is for. */
  readonly ours: string;
}

export interface Line {
  readonly cells: readonly string[];
  readonly ok: boolean;
}

export function headOf({ floor, compared }: Columns): readonly string[] {
  return ['metric', 'API', floor, ...compared, 'bar', ''];
}

export function lineOf(row: Row, api: string, series: Series, { floor, compared, ours }: Columns): Line {
  const ok = isUnderBar(row, series, floor, ours);
  const others = compared.map((name) => comparedCell(row, series, floor, name));
  return { cells: [row.title, api, floorCell(row, series, floor), ...others, barText(row), verdict(row, ok)], ok };
}

function isUnderBar({ bar, key }: Row, series: Series, floor: string, ours: string): boolean {
  const value = series.median(ours, key);
  if (bar.kind === 'none') return true;
  if (bar.kind === 'ratio') return value / series.median(floor, key) <= bar.value;
  return bar.kind === 'most' ? value <= bar.value : value === bar.value;
}

function floorCell(row: Row, series: Series, floor: string): string {
  const values = series.values(floor, row.key);
  return values.length === 0 ? '' : withRange(row, values);
}

/** A ratio to the floor of the same round, or the value itself. */
function comparedCell(row: Row, series: Series, floor: string, name: string): string {
  const values = series.values(name, row.key);
  if (values.length === 0) return '';
  if (row.bar.kind !== 'ratio') return withRange(row, values);
  const base = series.values(floor, row.key);
  const ratio = (series.median(name, row.key) / series.median(floor, row.key)).toFixed(2);
  const ratios = values.map((value, round) => value / (base[round] ?? Number.NaN));
  return values.length === 1 ? ratio : `${ratio} (${range(ratios, (each) => each.toFixed(2))})`;
}

function withRange(row: Row, values: readonly number[]): string {
  const middle = amount(row, median(values));
  return values.length === 1 ? middle : `${middle} (${range(values, (each) => rounded(each))})`;
}

function range(values: readonly number[], words: (value: number) => string): string {
  return `${words(Math.min(...values))}-${words(Math.max(...values))}`;
}

function barText({ bar, unit }: Row): string {
  if (bar.kind === 'none') return '';
  return `${bar.kind === 'exactly' ? '=' : '<='} ${bar.value}${bar.kind === 'ratio' || unit === '' ? '' : ` ${unit}`}`;
}

function verdict({ bar }: Row, ok: boolean): string {
  if (bar.kind === 'none') return '';
  return ok ? 'ok' : 'over';
}

function amount({ unit }: Row, value: number): string {
  return `${rounded(value)} ${unit}`.trimEnd();
}

function rounded(value: number): string {
  const digits = Math.abs(value) < 100 ? 1 : 0;
  return value.toFixed(Number.isInteger(value) ? 0 : digits);
}
