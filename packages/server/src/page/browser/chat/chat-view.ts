// The chat: the conversation's name, its turns, and the field for the next question.
import { h, setText } from '../dom.ts';
import { iconButton } from '../frame/icon.ts';
import type { ChatRun } from '../run/run.ts';
import type { Chat } from './chat.ts';
import { Composer, type ComposerOptions } from './composer.ts';
import { showConversations } from './conversations.ts';
import { Follow } from './follow.ts';
import { TurnView } from './turn-view.ts';

/** What differs from page to page. */
export interface ChatViewOptions<Run extends ChatRun> extends ComposerOptions {
  /** Shown before the first question. */
  readonly hint: string;
  /** Stands under the field. */
  readonly below: HTMLElement;
  /** The model that answers; null if the page does not know. */
  readonly modelOf: (run: Run) => string | null;
}

/** Shows a chat. */
export class ChatView<Run extends ChatRun> {
  readonly element: HTMLElement;
  readonly #chat: Chat<Run>;
  readonly #modelOf: (run: Run) => string | null;
  readonly #title = h('h2', { class: 'name', id: 'chat-title', dir: 'auto', 'data-testid': 'conversation' });
  readonly #hint: HTMLElement;
  readonly #notice = h('p', { class: 'notice', role: 'status', hidden: true, 'data-testid': 'notice' });
  readonly #turnList: HTMLElement;
  readonly #follow: Follow;
  readonly #composer: Composer;
  readonly #turns = new Map<Run, TurnView<Run>>();

  constructor(chat: Chat<Run>, options: ChatViewOptions<Run>) {
    this.#chat = chat;
    this.#modelOf = options.modelOf;
    this.#hint = h('p', { class: 'empty' }, options.hint);
    this.#turnList = h('div', { class: 'turns' }, this.#hint);
    const log = transcript(this.#turnList);
    this.#follow = new Follow(log, this.#turnList);
    this.#composer = new Composer(chat, options);
    this.#composer.onSend = () => this.#follow.toEnd();
    this.element = h(
      'section',
      { class: 'chat', 'aria-labelledby': 'chat-title' },
      h(
        'header',
        { class: 'conversation' },
        iconButton('list', 'Conversations', {
          'data-testid': 'conversations',
          onClick: () => void showConversations(chat),
        }),
        this.#title,
        iconButton('new', 'New chat', { 'data-testid': 'new-chat', onClick: () => chat.startAnew() }),
      ),
      this.#notice,
      h('div', { class: 'stage' }, log, this.#follow.button),
      this.#composer.element,
      options.below,
    );
    chat.onChange(() => this.draw());
  }

  draw(): void {
    const { turns, title, notice } = this.#chat;
    for (const [run, { element }] of this.#turns) {
      if (turns.includes(run)) continue;
      element.remove();
      this.#turns.delete(run);
    }
    let isUpToDate = true;
    for (const [index, run] of turns.entries()) {
      const isLast = index === turns.length - 1;
      isUpToDate = this.#turnOf(run, index).draw(isLast) && isUpToDate;
    }
    // The rest of a text is drawn even if no more updates arrive.
    if (!isUpToDate) this.#chat.drawLater();
    this.#hint.hidden = turns.length > 0;
    setText(this.#title, title ?? 'New conversation');
    this.#notice.hidden = notice === null;
    setText(this.#notice, notice ?? '');
    this.#composer.draw();
  }

  #turnOf(run: Run, index: number): TurnView<Run> {
    const known = this.#turns.get(run);
    if (known !== undefined) return known;
    const turn = new TurnView(run, this.#chat, this.#modelOf(run));
    this.#turns.set(run, turn);
    // Turns loaded from the server may arrive after a running one was drawn.
    this.#turnList.insertBefore(turn.element, this.#turnList.children[index + 1] ?? null);
    if (run.isOpen) this.#follow.toEnd();
    return turn;
  }
}

function transcript(turns: HTMLElement): HTMLElement {
  return h(
    'div',
    {
      class: 'transcript',
      role: 'log',
      'aria-live': 'off',
      'aria-label': 'Conversation',
      tabindex: 0,
      'data-testid': 'transcript',
    },
    turns,
  );
}
