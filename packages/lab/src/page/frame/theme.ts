// Light, dark, or as the system has it; kept in the browser.
import { h } from '../dom.ts';

const KEY = 'lab-theme';
const THEMES = ['system', 'light', 'dark'] as const;

export function keptTheme(): string {
  return localStorage.getItem(KEY) ?? 'system';
}

/** As early as possible, so that the first paint has it. */
export function applyTheme(theme: string = keptTheme()): void {
  document.documentElement.classList.remove('light', 'dark');
  if (theme !== 'system') document.documentElement.classList.add(theme);
}

export function themeSelect(): HTMLElement {
  const select = h(
    'select',
    { id: 'theme', 'data-testid': 'theme' },
    ...THEMES.map((theme) => h('option', { value: theme }, theme)),
  );
  select.value = keptTheme();
  select.addEventListener('change', () => {
    localStorage.setItem(KEY, select.value);
    applyTheme(select.value);
  });
  return h('label', { class: 'theme' }, 'Theme', select);
}
