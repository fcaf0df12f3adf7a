// Twin run: one question, two settings, one time axis.
import { h, time } from '@turnstream/server/chat';
import { experimentButton, intro } from '../experiments/intro.ts';
import { options } from '../frame/setup.ts';
import { Clock } from '../instruments/clock.ts';
import { panel } from '../instruments/panel.ts';
import type { Lab } from '../lab.ts';
import { Run } from '../run/run.ts';
import { DEFAULTS, MODE_NAMES, type Mode, SESSION_NAMES, type SessionChoice } from '../settings.ts';

const GROUP = 'twin';

export class TwinView {
  readonly element: HTMLElement;
  readonly #lab: Lab;
  readonly #question = h('input', {
    id: 'twin-question',
    value: 'Write a report about Python.',
    'data-testid': 'twin-question',
  });
  readonly #sides = [new Side('First', 'streaming'), new Side('Second', 'full')] as const;
  readonly #said = h('p', { class: 'fact', 'aria-live': 'polite', 'data-testid': 'twin-said' });

  constructor(lab: Lab) {
    this.#lab = lab;
    const form = h(
      'form',
      { class: 'row' },
      h('div', { class: 'field' }, h('label', { for: 'twin-question' }, 'Question'), this.#question),
      experimentButton('Run both', { 'data-testid': 'twin-run' }, () => this.#run()),
    );
    form.addEventListener('submit', (event) => event.preventDefault());
    const clock = new Clock(lab, 'twin', () => this.#sides.flatMap(({ run }) => run ?? []));
    this.element = h(
      'div',
      { class: 'page', id: 'twin' },
      intro('Twin run: one question, two settings', 'Predict first: which of the two finishes first, and by how much?'),
      form,
      h('div', { class: 'twins' }, ...this.#sides.map(({ element }) => element)),
      panel({ id: 'twin-clock', title: 'Clock', hint: 'Both on one axis.' }, clock.element),
      this.#said,
    );
    lab.onChange(() => lab.view === 'twin' && this.#sides.forEach((each) => each.draw()));
  }

  async #run(): Promise<void> {
    this.#said.textContent = '';
    const runs = this.#sides.map((each) => each.begin(this.#question.value));
    await Promise.all(runs.map((run) => this.#lab.experiment(run)));
    this.#said.textContent = compared(runs);
  }
}

/** One of the two: its settings, its answer, and its times. */
class Side {
  readonly element: HTMLElement;
  run: Run | null = null;
  readonly #modes: HTMLSelectElement;
  readonly #sessions: HTMLSelectElement;
  readonly #answer = h('p', { class: 'answer', dir: 'auto', tabindex: 0, role: 'group', 'aria-label': 'Answer' });
  readonly #times = h('p', { class: 'figures' });

  constructor(name: string, mode: Mode) {
    this.#modes = h('select', { 'aria-label': `${name}: mode` }, options(MODE_NAMES));
    this.#modes.value = mode;
    this.#sessions = h('select', { 'aria-label': `${name}: session` }, options(SESSION_NAMES));
    this.#sessions.value = 'new';
    this.element = h(
      'section',
      { class: 'panel side' },
      h('header', {}, h('h3', {}, name), this.#modes, this.#sessions),
      this.#answer,
      this.#times,
    );
    this.draw();
  }

  begin(question: string): Run {
    const settings = { mode: this.#modes.value as Mode, session: this.#sessions.value as SessionChoice };
    this.run = new Run(question, { ...DEFAULTS, ...settings }, GROUP);
    return this.run;
  }

  draw(): void {
    const { run } = this;
    const text = run === null ? 'The answer appears here as it arrives.' : run.text;
    if (this.#answer.textContent !== text) {
      this.#answer.textContent = text;
      this.#answer.scrollTop = this.#answer.scrollHeight;
    }
    this.#answer.classList.toggle('empty', run === null);
    this.#times.textContent = `First word ${time(run?.firstMs ?? null)}, full answer ${time(run?.totalMs ?? null)}`;
  }
}

function compared(runs: readonly Run[]): string {
  const failed = runs.find(({ state }) => state !== 'done');
  if (failed !== undefined)
    return `The ${failed.settings.mode} run ended as ${failed.state}: ${failed.problem?.message ?? ''}`;
  const firsts = runs.map(({ firstMs }) => firstMs ?? 1);
  const ratio = Math.max(...firsts) / Math.min(...firsts);
  return (
    `First word after ${all(runs, ({ firstMs }) => firstMs)}: ${ratio.toFixed(1)} times as long. ` +
    `The whole answer after ${all(runs, ({ totalMs }) => totalMs)}.`
  );
}

/** The times in words, each with the mode of its run. */
function all(runs: readonly Run[], timeOf: (run: Run) => number | null): string {
  return runs.map((run) => `${time(timeOf(run))} (${run.settings.mode})`).join(' and ');
}
