// Light, dark, or as the system has it; kept in the browser. `first-paint.ts` applies it to the next load.
import { h } from '../dom.ts';

const KEY = 'turnstream-theme';
const THEMES = ['system', 'light', 'dark'] as const;

/** A control to choose the theme. */
export function themeSelect(): HTMLElement {
  const options = THEMES.map((theme) => h('option', { value: theme }, theme));
  const select = h('select', { id: 'theme', 'aria-label': 'Theme', 'data-testid': 'theme' }, ...options);
  select.value = localStorage.getItem(KEY) ?? 'system';
  select.addEventListener('change', () => {
    localStorage.setItem(KEY, select.value);
    document.documentElement.classList.remove(...THEMES);
    document.documentElement.classList.add(select.value);
  });
  return h('label', { class: 'theme' }, h('span', {}, 'Theme'), select);
}
