// One conversation of the list, with buttons to open, rename and delete it.
import { h } from '../dom.ts';
import { iconButton, showIcon } from '../frame/icon.ts';
import { nameOf, nameSession } from '../run/names.ts';
import type { SavedSession } from '../run/sessions.ts';
import type { Chat } from './chat.ts';

export interface RowOptions {
  readonly chat: Chat;
  /** Runs the work and shows its error. */
  readonly attempt: (work: () => Promise<void>) => Promise<void>;
  readonly onOpened: () => void;
}

export function conversationRow(session: SavedSession, { chat, attempt, onOpened }: RowOptions): HTMLElement {
  const { sessionId } = session;
  const row = h('li', { 'data-session': sessionId });
  const open = h('button', {
    type: 'button',
    class: 'open',
    dir: 'auto',
    'data-testid': 'open',
    onClick: () => void attempt(() => chat.open(sessionId).then(onOpened)),
  });
  drawName(open, session);
  const remove = deleteButton(async () => attempt(async () => forget(row, () => chat.forget(sessionId))));
  const rename = iconButton('edit', 'Rename', { 'data-testid': 'rename' });
  rename.addEventListener('click', () => {
    const form = renameForm(nameOf(sessionId) ?? '', (name) => {
      if (name !== '') nameSession(sessionId, name);
      drawName(open, session);
      form.replaceWith(open);
      rename.hidden = false;
      rename.focus();
      chat.changed();
    });
    open.replaceWith(form);
    rename.hidden = true;
    form.querySelector('input')?.select();
  });
  row.append(open, rename, remove);
  return row;
}

function drawName(open: HTMLElement, { sessionId, savedAtMs }: SavedSession): void {
  open.replaceChildren(nameOf(sessionId) ?? '', h('small', {}, day(savedAtMs)));
}

/** Deletes on the second click, because it cannot be undone. */
function deleteButton(onSure: () => Promise<void>): HTMLButtonElement {
  const button = iconButton('remove', 'Delete', { 'data-testid': 'delete' });
  button.addEventListener('click', () => {
    if (button.ariaLabel !== 'Delete') return void onSure();
    button.ariaLabel = 'Delete for good';
    button.replaceChildren('Delete for good');
  });
  button.addEventListener('blur', () => showIcon(button, 'remove', 'Delete'));
  return button;
}

/** Removes the row and focuses the next one. */
async function forget(row: HTMLElement, work: () => Promise<void>): Promise<void> {
  await work();
  const next = row.nextElementSibling ?? row.previousElementSibling ?? row.closest('dialog')?.querySelector('form');
  row.remove();
  next?.querySelector('button')?.focus();
}

function renameForm(name: string, onDone: (name: string) => void): HTMLFormElement {
  const field = h('input', { type: 'text', value: name, maxlength: 80, 'aria-label': 'Name', 'data-testid': 'name' });
  const form = h('form', { class: 'rename' }, field, h('button', { type: 'submit', class: 'bare' }, 'Save'));
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    onDone(field.value.trim());
  });
  field.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return;
    // Escape would also close the dialog.
    event.preventDefault();
    event.stopPropagation();
    onDone(name);
  });
  return form;
}

function day(ms: number): string {
  return new Date(ms).toLocaleString('en', { month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit' });
}
