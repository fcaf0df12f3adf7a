// The conversations on the server, newest first: in a dialog, and beside the chat where there is room.
import type { Connection } from '../../../client/index.ts';
import { errorWords, h } from '../dom.ts';
import { openSheet } from '../frame/sheet.ts';
import { nameOf, nameSession } from '../run/names.ts';
import { listSessions, PAGE_SIZE, readSession, type SavedSession } from '../run/sessions.ts';
import type { Chat } from './chat.ts';
import { conversationRow } from './conversation-row.ts';

export class ConversationList {
  readonly element: HTMLElement;
  readonly #chat: Chat;
  readonly #onOpened: () => void;
  readonly #list = h('ul', { class: 'saved', 'data-testid': 'saved' });
  readonly #problem = h('p', { class: 'problem', role: 'alert', hidden: true });
  readonly #more = h(
    'button',
    { type: 'button', hidden: true, onClick: () => void this.#attempt(() => this.#load()) },
    'Show more',
  );
  #last: SavedSession | null = null;

  constructor(chat: Chat, onOpened: () => void = () => {}) {
    this.#chat = chat;
    this.#onOpened = onOpened;
    this.element = h('div', { class: 'conversations' }, this.#problem, this.#list, this.#more);
  }

  has(sessionId: string): boolean {
    return this.#list.querySelector(`[data-session="${sessionId}"]`) !== null;
  }

  /** Highlights the conversation of the chat. */
  mark(): void {
    for (const row of this.#list.children)
      row.classList.toggle('current', row instanceof HTMLElement && row.dataset['session'] === this.#chat.sessionId);
  }

  /** Reads the list from its beginning. */
  async load(): Promise<void> {
    await this.#attempt(async () => {
      this.#last = null;
      const rows = await this.#rows();
      this.#list.replaceChildren(...rows);
    });
    this.mark();
  }

  async #load(): Promise<void> {
    this.#list.append(...(await this.#rows()));
    this.mark();
  }

  async #rows(): Promise<readonly HTMLElement[]> {
    const sessions = await listSessions(this.#chat.connection, this.#last);
    this.#last = sessions.at(-1) ?? null;
    this.#more.hidden = sessions.length < PAGE_SIZE;
    const shown = sessions.filter(({ sessionId }) => nameOf(sessionId) !== null);
    await Promise.all(shown.map(({ sessionId }) => nameByQuestion(this.#chat.connection, sessionId)));
    const attempt = (work: () => Promise<void>): Promise<void> => this.#attempt(work);
    return shown.map((session) => conversationRow(session, { chat: this.#chat, attempt, onOpened: this.#onOpened }));
  }

  async #attempt(work: () => Promise<void>): Promise<void> {
    this.#problem.hidden = true;
    try {
      await work();
    } catch (error) {
      this.#problem.textContent = errorWords(error);
      this.#problem.hidden = false;
    }
  }
}

export async function showConversations(chat: Chat): Promise<void> {
  const list = new ConversationList(chat, () => dialog.close());
  const dialog = openSheet(
    { label: 'Conversations', testId: 'conversation-list', class: 'narrow' },
    h('h2', {}, 'Conversations'),
    h('p', {}, h('small', {}, 'They are on the server. Their names are kept in this browser.')),
    list.element,
  );
  await list.load();
}

/** A conversation from another browser is named after its first question. */
async function nameByQuestion(connection: Connection, sessionId: string): Promise<void> {
  if (nameOf(sessionId) !== undefined) return;
  const [first] = (await readSession(connection, sessionId)).turns;
  nameSession(sessionId, first?.question ?? 'Nothing was kept');
}
