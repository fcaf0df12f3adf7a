// The field for the next question. It grows, keeps its text over a reload, and reports a text that is too long.
import { h } from '../dom.ts';
import { icon, iconButton, showIcon } from '../frame/icon.ts';
import type { Mode } from '../run/run.ts';
import type { Chat } from './chat.ts';

const DRAFT = 'turnstream-draft';
/** From this length on, it shows the length. */
const LONG_CHARS = 2_000;

export interface ComposerOptions {
  /** The longest question that the server accepts. */
  readonly maxMessageChars: number;
  /** Shows a button that asks in the background. */
  readonly hasBackground?: boolean;
}

export class Composer {
  readonly element: HTMLFormElement;
  /** Called when something is sent. */
  onSend: () => void = () => {};
  readonly #chat: Chat;
  readonly #maxChars: number;
  readonly #field = h('textarea', {
    id: 'question',
    rows: 1,
    dir: 'auto',
    placeholder: 'Ask something',
    'aria-describedby': 'question-length',
    'data-testid': 'question',
  });
  readonly #send = iconButton('send', 'Send', { type: 'submit', class: 'main', 'data-testid': 'send' });
  readonly #later: HTMLButtonElement;
  readonly #length = h('p', { id: 'question-length', class: 'length', hidden: true, 'data-testid': 'length' });

  constructor(chat: Chat, { maxMessageChars, hasBackground = false }: ComposerOptions) {
    this.#chat = chat;
    this.#maxChars = maxMessageChars;
    this.#later = laterButton(() => this.#submit('background'));
    this.#later.hidden = !hasBackground;
    this.#field.value = sessionStorage.getItem(DRAFT) ?? '';
    this.element = h(
      'form',
      { class: 'composer' },
      h('label', { for: 'question', class: 'unseen' }, 'Your question'),
      this.#length,
      h('div', { class: 'box' }, this.#field, this.#later, this.#send),
    );
    this.element.addEventListener('submit', (event) => {
      event.preventDefault();
      this.#submit();
    });
    // The second click of two comes when the button already says Stop.
    this.#send.addEventListener('click', (event) => event.detail > 1 && event.preventDefault());
    this.#field.addEventListener('keydown', (event) => {
      if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      if (chat.current === null) this.#submit();
    });
    this.#field.addEventListener('input', () => this.#changed());
    requestAnimationFrame(() => this.#changed());
  }

  draw(): void {
    const isAnswering = this.#chat.current !== null;
    const { value } = this.#field;
    showIcon(this.#send, isAnswering ? 'stop' : 'send', isAnswering ? 'Stop' : 'Send');
    this.#send.classList.toggle('stop', isAnswering);
    const isReady = value.trim() !== '' && value.length <= this.#maxChars;
    this.#send.disabled = !isAnswering && !isReady;
    // During an answer, a background run would have no session yet, or would miss that answer.
    this.#later.disabled = isAnswering || !isReady;
  }

  #changed(): void {
    // Reset first, so that it can shrink.
    this.#field.style.height = 'auto';
    this.#field.style.height = `${this.#field.scrollHeight + 2}px`;
    keepDraft(this.#field.value);
    this.#showLength();
    this.draw();
  }

  #showLength(): void {
    const { length } = this.#field.value;
    const isTooLong = length > this.#maxChars;
    this.#length.hidden = length < LONG_CHARS && !isTooLong;
    this.#length.textContent = isTooLong
      ? tooLong(length, this.#maxChars)
      : `${characters(length)} of ${characters(this.#maxChars)}`;
    this.#length.role = isTooLong ? 'alert' : null;
    this.#field.ariaInvalid = isTooLong ? 'true' : null;
  }

  #submit(mode?: Mode): void {
    if (this.#chat.current !== null) return void this.#chat.stop();
    const question = this.#field.value.trim();
    if (question === '' || this.#send.disabled) return;
    this.#field.value = '';
    this.#changed();
    this.#field.focus();
    void this.#chat.send(question, mode);
    this.onSend();
  }
}

function laterButton(onClick: () => void): HTMLButtonElement {
  return h(
    'button',
    {
      type: 'button',
      class: 'bare later',
      title: 'The answer comes when it is ready; you can close the page',
      'data-testid': 'in-background',
      onClick,
    },
    icon('later'),
    h('span', {}, 'In the background'),
  );
}

function keepDraft(text: string): void {
  try {
    sessionStorage.setItem(DRAFT, text);
  } catch {
    // Too large for the browser's storage. The text is still in the field.
  }
}

function tooLong(length: number, max: number): string {
  return `${characters(length)}; a question may have ${characters(max)}. It stays here: shorten it by ${characters(length - max)}.`;
}

function characters(length: number): string {
  return `${length.toLocaleString('en')} characters`;
}
