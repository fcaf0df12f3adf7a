// The chat: what was asked and answered, and the field for the next question.
import { count, h, time } from '../dom.ts';
import type { Lab } from '../lab.ts';
import type { Run } from '../run/run.ts';

export class ChatView {
  readonly element: HTMLElement;
  readonly #lab: Lab;
  readonly #log = h('div', {
    class: 'transcript',
    role: 'log',
    'aria-live': 'off',
    'aria-label': 'Conversation',
    tabindex: 0,
    'data-testid': 'transcript',
  });
  readonly #field = h('textarea', {
    id: 'question',
    rows: 1,
    dir: 'auto',
    placeholder: 'Ask something',
    'data-testid': 'question',
  });
  readonly #send = h('button', { type: 'submit', class: 'main', 'data-testid': 'send' }, 'Send');
  readonly #turns = new Map<Run, Turn>();

  constructor(lab: Lab) {
    this.#lab = lab;
    const form = h(
      'form',
      { class: 'composer' },
      h('label', { for: 'question', class: 'unseen' }, 'Your question'),
      this.#field,
      this.#send,
    );
    this.element = h('section', { class: 'chat', 'aria-label': 'Chat' }, this.#log, form);
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      this.#submit();
    });
    // The second click of two comes when the button already says Stop.
    this.#send.addEventListener('click', (event) => event.detail > 1 && event.preventDefault());
    this.#field.addEventListener('keydown', (event) => {
      if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      if (lab.current === null) this.#submit();
    });
    this.#field.addEventListener('input', () => this.draw());
    lab.onChange(() => this.draw());
  }

  draw(): void {
    const runs = this.#lab.runs.filter(({ isInChat }) => isInChat);
    for (const run of this.#turns.keys()) if (!runs.includes(run)) this.#forget(run);
    for (const run of runs) this.#turnOf(run).draw();
    const isAnswering = this.#lab.current !== null;
    this.#send.textContent = isAnswering ? 'Stop' : 'Send';
    this.#send.disabled = !isAnswering && this.#field.value.trim() === '';
    this.#log.scrollTop = this.#log.scrollHeight;
  }

  #submit(): void {
    if (this.#lab.current !== null) return this.#lab.stop();
    const question = this.#field.value.trim();
    if (question === '') return;
    this.#field.value = '';
    this.#field.focus();
    void this.#lab.send(question);
  }

  #turnOf(run: Run): Turn {
    const known = this.#turns.get(run);
    if (known !== undefined) return known;
    const turn = new Turn(run, this.#lab);
    this.#turns.set(run, turn);
    this.#log.append(turn.question, turn.answer);
    return turn;
  }

  #forget(run: Run): void {
    this.#turns.get(run)?.question.remove();
    this.#turns.get(run)?.answer.remove();
    this.#turns.delete(run);
  }
}

class Turn {
  readonly question: HTMLElement;
  readonly answer: HTMLElement;
  readonly #run: Run;
  readonly #text = h('div', { class: 'text', dir: 'auto', 'data-testid': 'answer' });
  readonly #note = h('p', { class: 'note', 'data-testid': 'note' });
  readonly #retry: HTMLButtonElement;

  constructor(run: Run, lab: Lab) {
    this.#run = run;
    this.#retry = h(
      'button',
      { type: 'button', 'data-testid': 'retry', hidden: true, onClick: () => void lab.retry(run) },
      'Retry',
    );
    this.question = h('article', { class: 'message user' }, h('div', { class: 'text', dir: 'auto' }, run.question));
    this.answer = h(
      'article',
      { class: 'message assistant', 'data-testid': 'turn' },
      this.#text,
      this.#note,
      this.#retry,
    );
  }

  draw(): void {
    const run = this.#run;
    if (this.#text.textContent !== run.text) this.#text.textContent = run.text;
    this.answer.dataset['state'] = run.state;
    this.answer.ariaBusy = run.isOpen ? 'true' : null;
    const isApart = !run.isOpen && !run.isInSession && run.state !== 'done';
    this.answer.classList.toggle('apart', isApart);
    this.#note.textContent = noteOf(run, isApart);
    if (run.problem !== null) this.#note.role = 'alert';
    this.#retry.hidden = !isApart;
  }
}

function noteOf(run: Run, isApart: boolean): string {
  if (run.isOpen) return run.runId === null ? run.state : `${run.state}, in the background. Closing the page is fine.`;
  if (isApart) return `${run.problem?.message ?? 'Stopped.'} Not in the session.`;
  return `${time(run.firstMs)} · ${time(run.totalMs)} · ${count(run.ticks.length, 'update')}`;
}
