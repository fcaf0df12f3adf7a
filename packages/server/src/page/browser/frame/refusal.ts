// What a page shows when it cannot start, usually because its tab has no token.
import { errorWords, h } from '../dom.ts';

/** `program` printed the right address. */
export function refusal(error: unknown, program: string): HTMLElement {
  const isRefused = error instanceof Error && 'status' in error && error.status === 401;
  const words = isRefused
    ? [
        h(
          'p',
          { role: 'alert' },
          `This tab has no valid token. Open the address that the ${program} printed when it started:`,
        ),
        h('p', {}, h('code', {}, `${location.origin}${location.pathname}#token=…`)),
        h('p', {}, 'It is in the terminal, with a token in place of the dots. Each start has a new one.'),
      ]
    : [h('p', { role: 'alert' }, errorWords(error))];
  return h('main', { class: 'refused' }, h('h1', {}, `The ${program}`), ...words);
}
