// A table that is printed while it grows, in columns for a terminal.
import type { Table } from './page.ts';
import type { Line } from './table.ts';

const FIRST = 40;
const SECOND = 10;
const OTHERS = 28;
const LAST = 11;

/** Prints one line. */
export type Print = (line: string) => void;

export class PrintedTable implements Table {
  readonly head: readonly string[];
  readonly #lines: Line[] = [];
  readonly #print: Print;

  constructor(head: readonly string[], print: Print) {
    this.head = head;
    this.#print = print;
  }

  get lines(): readonly Line[] {
    return this.#lines;
  }

  /** A row over its bar makes the process fail. */
  add(line: Line): void {
    if (this.#lines.length === 0) this.#print(`\n${padded(this.head)}`);
    this.#lines.push(line);
    this.#print(padded(line.cells));
    if (!line.ok) process.exitCode = 1;
  }
}

function padded(cells: readonly string[]): string {
  const widths = [FIRST, SECOND, ...cells.slice(2, -2).map(() => OTHERS), LAST, 0];
  return cells
    .map((cell, index) => cell.padEnd(widths[index] ?? 0))
    .join('')
    .trimEnd();
}
