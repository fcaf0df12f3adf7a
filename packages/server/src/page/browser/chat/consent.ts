// Asks for consent to all tool calls that an answer waits for, with their names and arguments.
import type { PendingApproval } from '../../../client/index.ts';
import { h } from '../dom.ts';
import { indented } from './tool-card.ts';

export function consentForm(
  approvals: readonly PendingApproval[],
  onDecide: (isApproved: boolean) => void,
): HTMLElement {
  const decide = (isApproved: boolean): void => {
    form.inert = true;
    onDecide(isApproved);
  };
  const form = h(
    'form',
    { class: 'consent', 'aria-label': 'Consent', 'data-testid': 'consent' },
    h('p', {}, h('b', {}, 'The model asks for your consent. '), 'Nothing runs before you allow it.'),
    ...approvals.map(({ name, arguments: args }) =>
      h(
        'div',
        {},
        h('code', {}, name),
        h('pre', { tabindex: 0, role: 'group', 'aria-label': 'Arguments' }, visible(indented(args))),
      ),
    ),
    h(
      'div',
      { class: 'actions' },
      h('button', { type: 'button', class: 'main', 'data-testid': 'allow', onClick: () => decide(true) }, 'Allow'),
      h('button', { type: 'button', 'data-testid': 'reject', onClick: () => decide(false) }, 'Reject'),
    ),
  );
  form.addEventListener('submit', (event) => event.preventDefault());
  return form;
}

/** Characters that cannot be seen, or that turn the letters around them, could hide what is approved. */
function visible(text: string): string {
  return text.replace(/(?![\n\t])[\p{C}\p{Zl}\p{Zp}]/gu, (char) => `\\u{${char.codePointAt(0)?.toString(16)}}`);
}
