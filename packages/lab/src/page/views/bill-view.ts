// The bill: the tokens the model generated in each run, and how many of them reached nobody.
import { count, h, time } from '@turnstream/server/chat';
import type { Lab } from '../lab.ts';
import { Run } from '../run/run.ts';
import { DEFAULTS, MODES } from '../settings.ts';

const QUESTION = 'Write a report about Python.';
const LEAVE_AFTER_MS = 900;

/** Tokens that were generated and reached nobody: none in a run that completed. */
export function forNobody({ state, made, ticks }: Pick<Run, 'state' | 'made' | 'ticks'>): number {
  return state === 'done' || made === null ? 0 : Math.max(0, made - ticks.length);
}

export class BillView {
  readonly element: HTMLElement;
  readonly #lab: Lab;
  readonly #body = h('tbody');
  readonly #total = h('p', { class: 'fact', 'data-testid': 'bill-total' });
  readonly #button = h(
    'button',
    { type: 'button', class: 'main', 'data-testid': 'leave', onClick: () => void this.#leave() },
    'Leave in each mode',
  );

  constructor(lab: Lab) {
    this.#lab = lab;
    const columns = ['run', 'mode', 'ended', 'sent in', 'made', 'for nobody', 'share'];
    this.element = h(
      'div',
      { class: 'page' },
      h(
        'div',
        { class: 'intro' },
        h('h2', {}, 'Bill: what the model made for nobody'),
        h(
          'p',
          {},
          `Predict first: someone asks for a report and leaves after ${time(LEAVE_AFTER_MS)}. In which mode is the most paid for nothing?`,
        ),
        this.#button,
      ),
      h(
        'div',
        { class: 'panel scroll', tabindex: 0, role: 'group', 'aria-label': 'Bill' },
        h(
          'table',
          { class: 'bill' },
          h('caption', { class: 'unseen' }, 'Tokens of each run'),
          h('thead', {}, h('tr', {}, ...columns.map((column) => h('th', { scope: 'col' }, column)))),
          this.#body,
        ),
      ),
      this.#total,
    );
    lab.onChange(() => this.draw());
  }

  draw(): void {
    if (this.element.hidden) return;
    const runs = this.#lab.runs.filter(({ made }) => made !== null).toReversed();
    const most = Math.max(1, ...runs.map(({ made }) => made ?? 0));
    this.#body.replaceChildren(...runs.map((run) => rowOf(run, most)));
    const lost = runs.reduce((sum, run) => sum + forNobody(run), 0);
    const made = runs.reduce((sum, run) => sum + (run.made ?? 0), 0);
    this.#total.textContent =
      runs.length === 0 ? 'No run yet.' : `${count(made, 'token')} made, ${count(lost, 'token')} of them for nobody.`;
  }

  /** The page leaves a background run too, and fetches its answer later. */
  async #leave(): Promise<void> {
    this.#button.disabled = true;
    const runs = MODES.map((mode) => new Run(QUESTION, { ...DEFAULTS, mode, session: 'new' }, 'bill'));
    const ends = runs.map((run) => this.#lab.experiment(run));
    setTimeout(() => runs.forEach((run) => run.runId === null && run.abort()), LEAVE_AFTER_MS);
    await Promise.all(ends);
    this.#button.disabled = false;
  }
}

function rowOf(run: Run, most: number): HTMLElement {
  const lost = forNobody(run);
  const made = run.made ?? 0;
  const bar = h('span', { class: 'share', 'aria-hidden': 'true' });
  bar.style.setProperty('--used', `${(100 * (made - lost)) / most}%`);
  bar.style.setProperty('--lost', `${(100 * lost) / most}%`);
  const cells = [
    run.question.slice(0, 40),
    run.settings.mode,
    `${run.state}, ${time(run.totalMs)}`,
    count(
      run.requests.reduce((sum, { blocks }) => sum + blocks.length, 0),
      'message',
    ),
    `${made}`,
    `${lost}`,
  ];
  return h(
    'tr',
    { 'data-testid': 'bill-row', 'data-mode': run.settings.mode },
    ...cells.map((cell) => h('td', {}, cell)),
    h('td', {}, bar),
  );
}
