// A button that copies a text and briefly shows whether that worked.
import { iconButton, showIcon } from '../frame/icon.ts';

const SAID_MS = 2_000;

export function copyButton(label: string, text: () => string): HTMLButtonElement {
  const button = iconButton('copy', label, { 'data-testid': 'copy', onClick: () => void copy() });
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text());
      showIcon(button, 'done', 'Copied');
    } catch {
      button.ariaLabel = 'The browser does not allow copying';
      button.replaceChildren(button.ariaLabel);
    }
    setTimeout(() => showIcon(button, 'copy', label), SAID_MS);
  };
  return button;
}
