// A dialog over the page, which is gone once it is closed.
import { type Child, h } from '../dom.ts';

export interface SheetOptions {
  readonly label: string;
  readonly testId: string;
  readonly class?: string;
}

/** Opens the dialog. */
export function openSheet(options: SheetOptions, ...content: readonly Child[]): HTMLDialogElement {
  const dialog = h(
    'dialog',
    { class: `sheet ${options.class ?? ''}`, 'aria-label': options.label, 'data-testid': options.testId },
    ...content,
    h('form', { method: 'dialog' }, h('button', {}, 'Close')),
  );
  dialog.addEventListener('close', () => dialog.remove());
  // A click beside it, on what is behind.
  dialog.addEventListener('click', (event) => event.target === dialog && dialog.close());
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}
