// The conversations beside the chat.
import { h } from '../dom.ts';
import { icon } from '../frame/icon.ts';
import type { Chat } from './chat.ts';
import { ConversationList } from './conversations.ts';

/** Shown where there is room for it. */
export class Sidebar {
  readonly element: HTMLElement;
  readonly #chat: Chat;
  readonly #list: ConversationList;
  #read = '';
  #isShown = false;
  #isReading = false;

  constructor(chat: Chat) {
    this.#chat = chat;
    this.#list = new ConversationList(chat);
    this.element = h(
      'nav',
      { class: 'sidebar', 'aria-label': 'Conversations', 'data-testid': 'sidebar' },
      h('button', { type: 'button', class: 'begin', onClick: () => chat.startAnew() }, icon('new'), 'New chat'),
      this.#list.element,
    );
    chat.onChange(() => this.draw());
    // Measuring the element directly would force a layout each time.
    new ResizeObserver(([entry]) => {
      this.#isShown = (entry?.contentRect.width ?? 0) > 0;
      this.draw();
    }).observe(this.element);
  }

  /** A session is on the server once its first turn has ended. */
  draw(): void {
    const { sessionId, turns } = this.#chat;
    if (!this.#isShown) return;
    this.#list.mark();
    const ended = turns.filter(({ isOpen }) => !isOpen).length;
    const key = sessionId === null || this.#list.has(sessionId) ? 'known' : `${sessionId} ${ended}`;
    if (this.#isReading || key === this.#read || (key === 'known' && this.#read !== '')) return;
    this.#read = key;
    this.#isReading = true;
    // The chat may have changed during the load, so compare again.
    void this.#list.load().then(() => {
      this.#isReading = false;
      this.draw();
    });
  }
}
