// How an experiment begins: with what to predict, and a button. One runs at a time: all share a server, which some crash.
import { type Attributes, h } from '@turnstream/server/chat';

export function intro(title: string, question: string, button: HTMLElement | null = null): HTMLElement {
  return h('div', { class: 'intro' }, h('h2', {}, title), h('p', {}, question), button);
}

/** It keeps the focus while its experiment runs; a disabled button would lose it. */
export function experimentButton(
  label: string,
  attributes: Attributes,
  experiment: () => Promise<void>,
): HTMLButtonElement {
  const start = async (): Promise<void> => {
    if (button.ariaDisabled === 'true') return;
    const all = document.querySelectorAll('.experiment');
    for (const each of all) each.ariaDisabled = 'true';
    button.textContent = 'Running…';
    await experiment();
    button.textContent = label;
    for (const each of all) each.ariaDisabled = null;
  };
  const button = h('button', { class: 'main experiment', onClick: () => void start(), ...attributes }, label);
  return button;
}
