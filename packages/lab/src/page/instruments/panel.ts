// A part of the page with a heading, something to see, and the same as a table for people who do not see it.
import { h, openSheet } from '@turnstream/server/chat';

const SHOWN_ROWS = 50;

export interface Table {
  readonly caption: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** Shown under the rows. */
  readonly total: string;
}

/** A button that shows the table in a dialog. */
export function tableButton(name: string, table: () => Table): HTMLButtonElement {
  return h(
    'button',
    { type: 'button', class: 'quiet', 'data-testid': `table-${name}`, onClick: () => showTable(table()) },
    'Show as table',
  );
}

function showTable(table: Table): void {
  openSheet({ label: table.caption, testId: 'table' }, tableOf(table));
}

function tableOf({ caption, columns, rows, total }: Table): HTMLElement {
  const shown = rows.slice(0, SHOWN_ROWS);
  const left = rows.length - shown.length;
  return h(
    'div',
    { class: 'scroll', tabindex: 0, role: 'group', 'aria-label': caption },
    h(
      'table',
      {},
      h('caption', {}, caption),
      h('thead', {}, h('tr', {}, ...columns.map((column) => h('th', { scope: 'col' }, column)))),
      h('tbody', {}, ...shown.map((row) => h('tr', {}, ...row.map((cell) => h('td', {}, cell))))),
    ),
    h('p', { class: 'total' }, left > 0 ? `${left} more rows. ${total}` : total),
  );
}

export interface PanelOptions {
  readonly id: string;
  readonly title: string;
  /** What it shows, in one line. */
  readonly hint: string;
  readonly aside?: HTMLElement;
}

export function panel({ id, title, hint, aside }: PanelOptions, ...content: readonly Node[]): HTMLElement {
  return h(
    'section',
    { class: 'panel', id, 'aria-labelledby': `${id}-title`, 'data-testid': id },
    h('header', {}, h('h2', { id: `${id}-title`, tabindex: -1 }, title), h('p', {}, hint), aside ?? null),
    ...content,
  );
}
