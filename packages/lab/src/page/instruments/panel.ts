// A part of the page with a heading, something to see, and the same as a table.

import { h } from '@turnstream/server/chat';
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
