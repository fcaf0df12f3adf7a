// The dialog that lists the conversations on the server.
import { h } from '../dom.ts';
import type { Lab } from '../lab.ts';
import { nameOf, nameSession } from '../run/names.ts';
import { listSessions, PAGE_SIZE, readSession } from '../run/sessions.ts';
import { conversationRow } from './conversation-row.ts';

export async function showConversations(lab: Lab): Promise<void> {
  const list = h('ul', { class: 'saved', 'data-testid': 'saved' });
  const problem = h('p', { class: 'problem', role: 'alert', hidden: true });
  const more = h('button', { type: 'button', hidden: true }, 'Show more');
  const dialog = h(
    'dialog',
    { class: 'sheet conversations', 'aria-label': 'Conversations', 'data-testid': 'conversation-list' },
    h('h2', {}, 'Conversations'),
    h('p', {}, h('small', {}, 'They are on the server. Their names are kept in this browser.')),
    problem,
    list,
    more,
    h('form', { method: 'dialog' }, h('button', {}, 'Close')),
  );
  const attempt = async (work: () => Promise<void>): Promise<void> => {
    problem.hidden = true;
    try {
      await work();
    } catch (error) {
      problem.textContent = error instanceof Error ? error.message : 'That failed.';
      problem.hidden = false;
    }
  };
  let after: string | null = null;
  const load = async (): Promise<void> => {
    const sessions = await listSessions(after);
    after = sessions.at(-1)?.sessionId ?? null;
    more.hidden = sessions.length < PAGE_SIZE;
    for (const session of sessions.filter(({ sessionId }) => nameOf(sessionId) !== null)) {
      await nameByQuestion(session.sessionId);
      list.append(conversationRow(session, { lab, attempt, onOpened: () => dialog.close() }));
    }
  };
  more.addEventListener('click', () => void attempt(load));
  dialog.addEventListener('close', () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  await attempt(load);
}

/** A conversation from another browser is named after its first question. */
async function nameByQuestion(sessionId: string): Promise<void> {
  if (nameOf(sessionId) !== undefined) return;
  const [first] = (await readSession(sessionId)).turns;
  nameSession(sessionId, first?.question ?? 'Nothing was kept');
}
