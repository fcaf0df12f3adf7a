// Twin run: one question, two settings, one time axis.
import { h, time } from '../dom.ts';
import { Clock } from '../instruments/clock.ts';
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
  readonly #sides = [side('First', 'streaming'), side('Second', 'full')] as const;
  readonly #said = h('p', { class: 'fact', 'aria-live': 'polite', 'data-testid': 'twin-said' });
  readonly #button = h('button', { type: 'submit', class: 'main', 'data-testid': 'twin-run' }, 'Run both');

  constructor(lab: Lab) {
    this.#lab = lab;
    const form = h(
      'form',
      { class: 'row' },
      h('div', { class: 'field wide' }, h('label', { for: 'twin-question' }, 'Question'), this.#question),
      ...this.#sides.map(({ element }) => element),
      this.#button,
    );
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      void this.#run();
    });
    const clock = new Clock(lab, () => lab.runs.filter(({ group }) => group === GROUP).slice(-2));
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
      h('div', { class: 'panel' }, clock.element),
      this.#said,
    );
  }

  async #run(): Promise<void> {
    this.#button.disabled = true;
    this.#said.textContent = '';
    const runs = this.#sides.map((each) => new Run(this.#question.value, { ...DEFAULTS, ...each.chosen() }, GROUP));
    await Promise.all(runs.map((run) => this.#lab.experiment(run)));
    this.#said.textContent = compared(runs);
    this.#button.disabled = false;
  }
}

function side(
  name: string,
  mode: Mode,
): { readonly element: HTMLElement; chosen(): { readonly mode: Mode; readonly session: SessionChoice } } {
  const modes = h(
    'select',
    { id: `twin-mode-${name}` },
    ...MODES.map((value) => h('option', { value }, MODE_NAMES[value])),
  );
  const sessions = h(
    'select',
    { id: `twin-session-${name}` },
    ...SESSIONS.map((value) => h('option', { value }, `Session: ${SESSION_NAMES[value].toLowerCase()}`)),
  );
  modes.value = mode;
  sessions.value = 'new';
  return {
    element: h(
      'fieldset',
      { class: 'side' },
      h('legend', {}, name),
      h('label', { for: modes.id, class: 'unseen' }, 'Mode'),
      modes,
      h('label', { for: sessions.id, class: 'unseen' }, 'Session'),
      sessions,
    ),
    chosen: () => ({ mode: modes.value as Mode, session: sessions.value as SessionChoice }),
  };
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
