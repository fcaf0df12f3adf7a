// The conversation as it stands in the page. Everything anybody said is set as text, never as markup.
/// <reference lib="dom" />

export type Note = 'quiet' | 'alert';

/** One message that may still grow. */
export class MessageView {
  readonly #element: HTMLElement;
  readonly #text: HTMLElement;
  readonly #log: HTMLElement;

  constructor(log: HTMLElement, role: 'user' | 'assistant', text: string) {
    this.#log = log;
    this.#element = document.createElement('article');
    this.#element.className = `message ${role}`;
    this.#text = document.createElement('div');
    this.#text.className = 'text';
    this.#text.dir = 'auto';
    this.#text.append(text);
    this.#element.append(this.#text);
    this.#sticking(() => log.append(this.#element));
  }

  set isBusy(busy: boolean) {
    // The dot of a busy message takes a line.
    this.#sticking(() => {
      this.#element.ariaBusy = busy ? 'true' : null;
    });
  }

  add(text: string): void {
    this.#sticking(() => this.#text.append(text));
  }

  /** Other text takes the place of what is there. */
  replace(text: string): void {
    this.#sticking(() => {
      this.#text.textContent = text;
    });
  }

  /** Says something about the message; `alert` for what went wrong. The last note stays. */
  note(text: string, kind: Note = 'quiet'): void {
    this.#sticking(() => {
      this.#element.querySelector('.note')?.remove();
      const note = document.createElement('small');
      note.className = 'note';
      if (kind === 'alert') note.role = 'alert';
      note.append(text);
      this.#element.append(note);
    });
  }

  /** A button under the message, which rests while what it began is under way. */
  offer(label: string, onClick: () => Promise<void>): void {
    const button = document.createElement('button');
    button.type = 'button';
    button.append(label);
    button.addEventListener('click', () => {
      button.disabled = true;
      void onClick().finally(() => (button.disabled = false));
    });
    this.#sticking(() => this.#element.append(button));
  }

  /** The button goes. */
  withdraw(): void {
    this.#element.querySelector(':scope > button')?.remove();
  }

  /** Something to decide, under the message; null when there is nothing any more. */
  ask(form: HTMLElement | null): void {
    this.#sticking(() => {
      this.#element.querySelector('.ask')?.remove();
      if (form !== null) this.#element.append(form);
    });
  }

  /** The message is no part of the conversation: the next question will not build on it. */
  setApart(): void {
    this.#element.classList.add('apart');
  }

  /** A reader who looks at the end goes on seeing it; one who has scrolled up stays there. */
  #sticking(change: () => void): void {
    const log = this.#log;
    const isAtEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 40;
    change();
    if (isAtEnd) log.scrollTop = log.scrollHeight;
  }
}
