// A button that copies a text and briefly shows whether that worked.
import { h } from '../dom.ts';

const SAID_MS = 2_000;

export function copyButton(label: string, text: () => string): HTMLButtonElement {
  const button = h(
    'button',
    { type: 'button', class: 'small', 'data-testid': 'copy', onClick: () => void copy() },
    label,
  );
  const copy = async (): Promise<void> => {
    button.textContent = await navigator.clipboard.writeText(text()).then(
      () => 'Copied',
      () => 'The browser does not allow copying',
    );
    setTimeout(() => {
      button.textContent = label;
    }, SAID_MS);
  };
  return button;
}
