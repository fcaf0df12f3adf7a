// The conversations beside the chat, when the chat has the page to itself.
import { h } from '../dom.ts';
import { icon } from '../frame/icon.ts';
import type { Lab } from '../lab.ts';
import { ConversationList } from './conversations.ts';

export class Sidebar {
  readonly element: HTMLElement;
  readonly #lab: Lab;
  readonly #list: ConversationList;
  #read = '';

  constructor(lab: Lab) {
    this.#lab = lab;
    this.#list = new ConversationList(lab);
    this.element = h(
      'nav',
      { class: 'sidebar', 'aria-label': 'Conversations', 'data-testid': 'sidebar' },
      h('button', { type: 'button', class: 'begin', onClick: () => lab.startAnew() }, icon('new'), 'New chat'),
      this.#list.element,
    );
    lab.onChange(() => this.draw());
  }

  /** A session is on the server once its first turn has ended. */
  draw(): void {
    const { sessionId, runs, view } = this.#lab;
    if (view !== 'chat') return;
    this.#list.mark();
    const ended = runs.filter(({ isInChat, isOpen }) => isInChat && !isOpen).length;
    const key = sessionId === null || this.#list.has(sessionId) ? 'known' : `${sessionId} ${ended}`;
    if (key === this.#read || (key === 'known' && this.#read !== '')) return;
    this.#read = key;
    void this.#list.load();
  }
}
