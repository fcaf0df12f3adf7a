// The bill: the tokens the model generated in each run, and how many of them reached nobody.
import { count, h, time } from '@turnstream/server/chat';
import { experimentButton, intro } from '../experiments/intro.ts';
import type { Lab } from '../lab.ts';
import { Run } from '../run/run.ts';
import { DEFAULTS, MODE_NAMES, MODES } from '../settings.ts';

const QUESTION = 'Write a report about Python.';
const LEAVE_AFTER_MS = 900;

/** Tokens that were generated and reached nobody: none in a run that completed. */
export function forNobody({ state, made, ticks }: Pick<Run, 'state' | 'made' | 'ticks'>): number {
  return state === 'done' || made === null ? 0 : Math.max(0, made - ticks.length);
}

export class BillView {
  readonly element: HTMLElement;
  readonly #lab: Lab;
  readonly #rows = h('tbody');
  readonly #sums = h('tfoot');
  readonly #table = h(
    'table',
    { class: 'bill panel' },
    h('caption', { class: 'unseen' }, 'Tokens of each run'),
    h('thead', {}, h('tr', {}, ...['Run', 'Made', 'For nobody'].map((column) => h('th', { scope: 'col' }, column)))),
    this.#rows,
    this.#sums,
  );
  readonly #total = h('div', { class: 'fact', 'aria-live': 'polite', 'data-testid': 'bill-total' });
  #drawn = '';

  constructor(lab: Lab) {
    this.#lab = lab;
    this.element = h(
      'div',
      { class: 'page' },
      intro(
        'Bill: what the model made for nobody',
        'You pay for each token, about a word, that a model makes, whether or not anybody reads it. ' +
          `Predict first: someone asks for a report and leaves after ${time(LEAVE_AFTER_MS)}. Which mode wastes the most?`,
        experimentButton('Leave in each mode', { 'data-testid': 'leave' }, () => this.#leave()),
      ),
      this.#total,
      this.#table,
    );
    lab.onChange(() => this.draw());
  }

  draw(): void {
    const runs = this.#lab.runs.filter(({ made }) => made !== null).toReversed();
    const key = runs.map(({ id }) => id).join() || 'none';
    if (this.element.hidden || key === this.#drawn) return;
    this.#drawn = key;
    const made = sumOf(runs, (run) => run.made ?? 0);
    const lost = sumOf(runs, forNobody);
    const most = Math.max(...runs.map((run) => run.made ?? 0));
    this.#table.hidden = runs.length === 0;
    this.#rows.replaceChildren(...runs.map((run) => rowOf(run, most)));
    this.#sums.replaceChildren(h('tr', {}, h('th', { scope: 'row' }, 'Sum'), numbers(made, lost)));
    this.#total.replaceChildren(
      ...(runs.length === 0 ? ['No run yet. Ask something in the lab, or leave in each mode.'] : totalOf(made, lost)),
    );
  }

  /** The page leaves a background run too, and fetches its answer later. */
  async #leave(): Promise<void> {
    const runs = MODES.map((mode) => new Run(QUESTION, { ...DEFAULTS, mode, session: 'new' }, 'bill'));
    const ends = runs.map((run) => this.#lab.experiment(run));
    setTimeout(() => runs.forEach((run) => run.runId === null && run.abort()), LEAVE_AFTER_MS);
    await Promise.all(ends);
  }
}

function sumOf(runs: readonly Run[], numberOf: (run: Run) => number): number {
  return runs.reduce((sum, run) => sum + numberOf(run), 0);
}

function totalOf(made: number, lost: number): Node[] {
  const percent = Math.round((100 * lost) / Math.max(1, made));
  return [
    h(
      'p',
      {},
      h('b', {}, `${percent} % for nobody: `),
      `the model made ${count(made, 'token')}, and ${lost.toLocaleString('en')} of them reached no reader.`,
    ),
    bar(made, lost, made),
    h('p', { class: 'key' }, h('i'), 'reached a reader', h('i', { class: 'lost' }), 'for nobody'),
  ];
}

function rowOf(run: Run, most: number): HTMLElement {
  const { question, settings, state, totalMs } = run;
  const made = run.made ?? 0;
  const lost = forNobody(run);
  return h(
    'tr',
    { 'data-testid': 'bill-row', 'data-mode': settings.mode },
    h(
      'td',
      {},
      h('b', {}, MODE_NAMES[settings.mode]),
      ` ${state} after ${time(totalMs)} `,
      h('small', {}, question),
      bar(made, lost, most),
    ),
    numbers(made, lost),
  );
}

function numbers(made: number, lost: number): HTMLElement[] {
  return [made, lost].map((number) => h('td', {}, number.toLocaleString('en')));
}

/** As long as its part of `most`; hatched is what reached nobody. */
function bar(made: number, lost: number, most: number): HTMLElement {
  const element = h('div', { class: 'share', 'aria-hidden': 'true' });
  for (const [name, tokens] of Object.entries({ used: made - lost, lost }))
    element.style.setProperty(`--${name}`, `${(100 * tokens) / Math.max(1, most)}%`);
  return element;
}
