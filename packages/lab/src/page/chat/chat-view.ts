// The chat: the conversation's name, its turns, and the field for the next question.
import type { About } from '../connection.ts';
import { h } from '../dom.ts';
import { FAULT_NAMES } from '../faults.ts';
import { iconButton } from '../frame/icon.ts';
import type { Lab } from '../lab.ts';
import type { Run } from '../run/run.ts';
import { MODE_NAMES, SESSION_NAMES } from '../settings.ts';
import { Composer } from './composer.ts';
import { showConversations } from './conversations.ts';
import { Follow } from './follow.ts';
import { TurnView } from './turn-view.ts';

const LATER_MS = 100;
const HINT = 'Ask something: the model sees what its session holds, and nothing else.';

export class ChatView {
  readonly element: HTMLElement;
  readonly #lab: Lab;
  readonly #title = h('h2', { class: 'name', id: 'chat-title', dir: 'auto', 'data-testid': 'conversation' });
  readonly #hint = h('p', { class: 'empty' }, HINT);
  readonly #notice = h('p', { class: 'notice', role: 'status', hidden: true, 'data-testid': 'notice' });
  readonly #turnList = h('div', { class: 'turns' }, this.#hint);
  readonly #log = h(
    'div',
    {
      class: 'transcript',
      role: 'log',
      'aria-live': 'off',
      'aria-label': 'Conversation',
      tabindex: 0,
      'data-testid': 'transcript',
    },
    this.#turnList,
  );
  readonly #follow = new Follow(this.#log, this.#turnList);
  readonly #how = h('p', { class: 'how', 'data-testid': 'how' });
  readonly #composer: Composer;
  readonly #models: Readonly<Record<'demo' | 'live', string>>;
  #isLater = false;
  readonly #turns = new Map<Run, TurnView>();

  constructor(lab: Lab, { live, maxMessageChars }: About) {
    this.#lab = lab;
    this.#models = { demo: 'Demo model', live: live ?? 'Live model' };
    this.#composer = new Composer(lab, maxMessageChars);
    this.#composer.onSend = () => {
      lab.chat.notice = null;
      this.#follow.toEnd();
    };
    this.element = h(
      'section',
      { class: 'chat', 'aria-labelledby': 'chat-title' },
      h(
        'header',
        { class: 'conversation' },
        iconButton('list', 'Conversations', {
          'data-testid': 'conversations',
          onClick: () => void showConversations(lab),
        }),
        this.#title,
        iconButton('new', 'New chat', { 'data-testid': 'new-chat', onClick: () => lab.startAnew() }),
      ),
      this.#notice,
      h('div', { class: 'stage' }, this.#log, this.#follow.button),
      this.#composer.element,
      this.#how,
    );
    lab.onChange(() => this.draw());
  }

  draw(): void {
    const runs = this.#lab.chat.turns;
    for (const [run, { element }] of this.#turns) {
      if (runs.includes(run)) continue;
      element.remove();
      this.#turns.delete(run);
    }
    let isUpToDate = true;
    for (const [index, run] of runs.entries()) {
      const isLast = index === runs.length - 1;
      isUpToDate = this.#turnOf(run, index).draw(isLast) && isUpToDate;
    }
    if (!isUpToDate) this.#drawLater();
    this.#hint.hidden = runs.length > 0;
    this.#title.textContent = this.#lab.chat.title ?? 'New conversation';
    const { notice } = this.#lab.chat;
    this.#notice.hidden = notice === null;
    if (this.#notice.textContent !== (notice ?? '')) this.#notice.textContent = notice;
    this.#composer.draw();
    this.#how.textContent = this.#settings();
  }

  /** What is set for the next question. */
  #settings(): string {
    const { mode, session, model, fault } = this.#lab.settings;
    const set = [MODE_NAMES[mode], `session: ${SESSION_NAMES[session].toLowerCase()}`, this.#models[model]];
    return [...set, ...(fault === 'none' ? [] : [FAULT_NAMES[fault] ?? fault])].join(' · ');
  }

  /** Draws the rest of a text even if no more updates arrive. */
  #drawLater(): void {
    if (this.#isLater) return;
    this.#isLater = true;
    setTimeout(() => {
      this.#isLater = false;
      this.#lab.changed();
    }, LATER_MS);
  }

  #turnOf(run: Run, index: number): TurnView {
    const known = this.#turns.get(run);
    if (known !== undefined) return known;
    const turn = new TurnView(run, this.#lab, this.#models[run.settings.model]);
    this.#turns.set(run, turn);
    // Turns loaded from the server may arrive after a running one was drawn.
    this.#turnList.insertBefore(turn.element, this.#turnList.children[index + 1] ?? null);
    if (run.isOpen) this.#follow.toEnd();
    return turn;
  }
}
