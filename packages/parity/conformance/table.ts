// The findings as the table of docs/reference/conformance.md.
import type { Checked } from './check-all.ts';
import type { Row } from './lab.ts';

export interface Column {
  readonly title: string;
  readonly checked: readonly Checked[];
}

export function table(rows: readonly Row[], columns: readonly Column[]): string {
  const head = ['row', 'situation', 'a caller relies on', ...columns.map(({ title }) => title)];
  const body = rows.map((row) => [row.id, row.situation, row.asks, ...columns.map((column) => cell(row, column))]);
  return [head, head.map(() => '---'), ...body].map((cells) => `| ${cells.map(escaped).join(' | ')} |`).join('\n');
}

/** How many of the rows that ask something of a library hold over every API it speaks. */
export function score({ checked }: Column): string {
  const asked = checked.filter(({ holds }) => holds !== null);
  const rows = [...new Set(asked.map(({ row }) => row))];
  const kept = rows.filter((row) => asked.every((each) => each.row !== row || each.holds === true));
  return `${kept.length} of ${rows.length}`;
}

function cell({ id }: Row, { checked }: Column): string {
  const findings = checked.filter(({ row }) => row === id);
  const said = findings.map((finding) => ({ api: finding.api, words: wordsOf(finding) }));
  if (new Set(said.map(({ words }) => words)).size <= 1) return said[0]?.words ?? '';
  return said.map(({ api, words }) => `${api}: ${words}`).join('; ');
}

export function wordsOf({ holds, seen }: { readonly holds: boolean | null; readonly seen: string }): string {
  return holds === null ? `(${seen})` : holds ? `yes: ${seen}` : `**no**: ${seen}`;
}

function escaped(text: string): string {
  return text.replaceAll('|', '\\|');
}
