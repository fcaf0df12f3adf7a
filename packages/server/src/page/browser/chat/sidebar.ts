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
  }

  /** A session is on the server once its first turn has ended. */
  draw(): void {
    const { sessionId, turns } = this.#chat;
    if (!this.element.checkVisibility()) return;
    this.#list.mark();
    const ended = turns.filter(({ isOpen }) => !isOpen).length;
    const key = sessionId === null || this.#list.has(sessionId) ? 'known' : `${sessionId} ${ended}`;
    if (key === this.#read || (key === 'known' && this.#read !== '')) return;
    this.#read = key;
    void this.#list.load();
  }
}
