// A question in the transcript, with buttons to copy it and, for the last one, to edit it.
import { h } from '../dom.ts';
import { iconButton } from '../frame/icon.ts';
import { copyButton } from './copy.ts';

const LONG_CHARS = 600;
const LONG_LINES = 8;

export interface QuestionOptions {
  readonly text: string;
  /** Called with the new text. */
  readonly onEdit: (text: string) => void;
}

export class QuestionView {
  readonly element: HTMLElement;
  readonly #text: string;
  readonly #onEdit: (text: string) => void;
  readonly #bubble: HTMLElement;
  readonly #actions: HTMLElement;
  readonly #edit: HTMLButtonElement;

  constructor({ text, onEdit }: QuestionOptions) {
    this.#text = text;
    this.#onEdit = onEdit;
    const words = h('div', { class: 'text', dir: 'auto', 'data-testid': 'asked' }, text);
    this.#bubble = h(
      'div',
      { class: 'bubble' },
      h('span', { class: 'unseen' }, 'You asked: '),
      words,
      moreButton(text, words),
    );
    this.#edit = iconButton('edit', 'Edit', { hidden: true, 'data-testid': 'edit', onClick: () => this.#open() });
    this.#actions = h(
      'div',
      { class: 'actions mine' },
      copyButton('Copy the question', () => text),
      this.#edit,
    );
    this.element = h('div', { class: 'question' }, this.#actions, this.#bubble);
  }

  /** Only the last question is editable, and only after its answer ended. */
  set isEditable(value: boolean) {
    this.#edit.hidden = !value;
  }

  #open(): void {
    const field = h('textarea', {
      rows: 3,
      dir: 'auto',
      'aria-label': 'Your question, edited',
      'data-testid': 'edited',
    });
    field.value = this.#text;
    const send = (): void => {
      const edited = field.value.trim();
      if (edited !== '') this.#onEdit(edited);
    };
    const form = h(
      'form',
      { class: 'edit' },
      field,
      h(
        'div',
        { class: 'actions mine' },
        h('button', { type: 'button', onClick: () => this.#close() }, 'Cancel'),
        h('button', { type: 'submit', class: 'main', 'data-testid': 'send-edited' }, 'Send'),
      ),
    );
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      send();
    });
    field.addEventListener('keydown', (event) => {
      if (event.isComposing) return;
      if (event.key === 'Escape') this.#close();
      if (event.key !== 'Enter' || event.shiftKey) return;
      event.preventDefault();
      send();
    });
    this.element.replaceChildren(form);
    field.focus();
    form.scrollIntoView({ block: 'nearest' });
    field.setSelectionRange(field.value.length, field.value.length);
  }

  #close(): void {
    this.element.replaceChildren(this.#actions, this.#bubble);
    this.#edit.focus();
  }
}

/** Long questions are collapsed. */
function moreButton(text: string, words: HTMLElement): HTMLElement | null {
  if (text.length <= LONG_CHARS && text.split('\n').length <= LONG_LINES) return null;
  words.classList.add('clamped');
  const button = h(
    'button',
    {
      type: 'button',
      class: 'bare',
      'aria-expanded': 'false',
      onClick: () => {
        const isClamped = words.classList.toggle('clamped');
        button.ariaExpanded = String(!isClamped);
        button.textContent = isClamped ? 'Show all' : 'Show less';
      },
    },
    'Show all',
  );
  return button;
}
