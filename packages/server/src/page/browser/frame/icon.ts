// Pictures for buttons, drawn with the color of their text. The action is also in words, for screen readers and on hover.
import { type Attributes, h, setAttribute, svg } from '../dom.ts';

const PATHS = {
  again: 'M13.5 5.5a6 6 0 1 0 .5 3M14 2v4h-4',
  copy: 'M5.5 5.5v-3h8v8h-3M2.5 5.5h8v8h-8z',
  done: 'M2.5 8.5l3.5 4 7.5-9',
  down: 'M8 2.5v11M3.5 9L8 13.5 12.5 9',
  edit: 'M2.5 13.5l.8-3.6 7.6-7.4 2.6 2.6-7.4 7.6z',
  later: 'M8 4.5v4l2.5 1.5M14 8a6 6 0 1 1-12 0 6 6 0 0 1 12 0',
  list: 'M2 4h12M2 8h12M2 12h12',
  new: 'M8 2.5v11M2.5 8h11',
  remove: 'M2.5 4.5h11M6 4.5v-2h4v2M4 4.5l.7 9h6.6l.7-9',
  send: 'M8 13.5v-11M3.5 7L8 2.5 12.5 7',
  stop: 'M4.5 4.5h7v7h-7z',
} as const;

export type IconName = keyof typeof PATHS;

export function icon(name: IconName): SVGElement {
  return svg('svg', { class: 'icon', viewBox: '0 0 16 16', 'aria-hidden': 'true' }, svg('path', { d: PATHS[name] }));
}

export function iconButton(name: IconName, label: string, attributes: Attributes = {}): HTMLButtonElement {
  const button = h('button', { type: 'button', class: 'bare', ...attributes });
  showIcon(button, name, label);
  return button;
}

/** Changes what the button shows and what it is called. */
export function showIcon(button: HTMLButtonElement, name: IconName, label: string): void {
  if (button.ariaLabel === label) return;
  setAttribute(button, 'aria-label', label);
  setAttribute(button, 'title', label);
  button.replaceChildren(icon(name));
}
