// Twin run: one question, two settings, one time axis.
import { h, time } from '@turnstream/server/chat';
import { Clock } from '../instruments/clock.ts';
import { panel } from '../instruments/panel.ts';
import type { Lab } from '../lab.ts';
import { Run } from '../run/run.ts';
import { DEFAULTS, MODE_NAMES, MODES, type Mode, SESSION_NAMES, SESSIONS, type SessionChoice } from '../settings.ts';

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
  readonly #button = h('button', { type: 'submit', class: 'main', 'data-testid': 'twin-run' }, 'Run both');

  constructor(lab: Lab) {
    this.#lab = lab;
    const form = h(
      'form',
      { class: 'row' },
      h('div', { class: 'field' }, h('label', { for: 'twin-question' }, 'Question'), this.#question),
      this.#button,
    );
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      void this.#run();
    });
    const clock = new Clock(lab, 'twin', () => this.#sides.flatMap(({ run }) => run ?? []));
    this.element = h(
      'div',
      { class: 'page', id: 'twin' },
      h(
        'div',
        { class: 'intro' },
        h('h2', {}, 'Twin run: one question, two settings'),
        h('p', {}, 'Predict first: which of the two is done earlier, and by how much?'),
      ),
      form,
      h('div', { class: 'twins' }, ...this.#sides.map(({ element }) => element)),
      panel({ id: 'twin-clock', title: 'Clock', hint: 'Both on one axis.' }, clock.element),
      this.#said,
    );
    lab.onChange(() => lab.view === 'twin' && this.#sides.forEach((each) => each.draw()));
  }

  async #run(): Promise<void> {
    this.#button.disabled = true;
    this.#said.textContent = '';
    const runs = this.#sides.map((each) => each.begin(this.#question.value));
    await Promise.all(runs.map((run) => this.#lab.experiment(run)));
    this.#said.textContent = compared(runs);
    this.#button.disabled = false;
  }
}

/** One of the two: its settings, its answer, and its times. */
class Side {
  readonly element: HTMLElement;
  run: Run | null = null;
  readonly #modes: HTMLSelectElement;
  readonly #sessions: HTMLSelectElement;
  readonly #answer = h('p', { class: 'answer', dir: 'auto', tabindex: 0, role: 'group', 'aria-label': 'Answer' });
  readonly #first = h('dd');
  readonly #total = h('dd');

  constructor(name: string, mode: Mode) {
    this.#modes = select(`${name}: mode`, MODES, MODE_NAMES, mode);
    this.#sessions = select(`${name}: session`, SESSIONS, SESSION_NAMES, 'new');
    this.element = h(
      'section',
      { class: 'panel side' },
      h('header', {}, h('h3', {}, name), this.#modes, this.#sessions),
      this.#answer,
      h(
        'dl',
        { class: 'figures' },
        h('div', {}, h('dt', {}, 'First word'), this.#first),
        h('div', {}, h('dt', {}, 'All of it'), this.#total),
      ),
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
    this.#first.textContent = time(run?.firstMs ?? null);
    this.#total.textContent = time(run?.totalMs ?? null);
  }
}

function select<Value extends string>(
  label: string,
  values: readonly Value[],
  names: Readonly<Record<Value, string>>,
  chosen: Value,
): HTMLSelectElement {
  const options = values.map((value) => h('option', { value, selected: value === chosen }, names[value]));
  return h('select', { 'aria-label': label }, ...options);
}

function compared(runs: readonly Run[]): string {
  const failed = runs.find(({ state }) => state !== 'done');
  if (failed !== undefined)
    return `The ${failed.settings.mode} run ended as ${failed.state}: ${failed.problem?.message ?? ''}`;
  const [early, late] = runs.toSorted((one, other) => (one.firstMs ?? 0) - (other.firstMs ?? 0));
  const ratio = (late?.firstMs ?? 0) / (early?.firstMs ?? 1);
  return (
    `First word after ${time(early?.firstMs ?? null)} (${early?.settings.mode}) and ${time(late?.firstMs ?? null)} (${late?.settings.mode}): ` +
    `${ratio.toFixed(1)} times as long. All of it after ${time(early?.totalMs ?? null)} and ${time(late?.totalMs ?? null)}.`
  );
}
