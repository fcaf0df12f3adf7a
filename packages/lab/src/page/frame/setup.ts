// The settings of the next question, as native controls.
import { h } from '@turnstream/server/chat';
import { type About, instruct } from '../connection.ts';
import { FAULT_NAMES } from '../faults.ts';
import type { Lab } from '../lab.ts';
import { HINTS, MODE_NAMES, SESSION_NAMES, type Settings } from '../settings.ts';

export class Setup {
  readonly element: HTMLElement;
  readonly #lab: Lab;
  readonly #api = select('api', { responses: 'Responses', chat_completions: 'Chat Completions' });
  readonly #apiHint = h('small', { id: 'api-hint' });
  readonly #fault = select('fault', FAULT_NAMES);
  readonly #instructions = h('textarea', { id: 'instructions', rows: 2, 'data-testid': 'instructions' });

  constructor(lab: Lab, { live, instructions }: About) {
    this.#lab = lab;
    this.#api.setAttribute('aria-describedby', 'api-hint');
    this.#instructions.value = instructions;
    this.#instructions.addEventListener('change', () => void this.#instruct());
    const model = select('model', { demo: 'Demo model', live: live ?? 'Live: no key' });
    disableSecond(model, live === null);
    this.element = h(
      'form',
      { class: 'setup', id: 'setup', 'aria-label': 'Setup' },
      h('button', { type: 'button', 'data-testid': 'anew', onClick: () => lab.chat.startAnew() }, 'New conversation'),
      radios('mode', MODE_NAMES),
      radios('session', SESSION_NAMES),
      field(this.#api, 'API', this.#apiHint),
      field(model, 'Model', live === null && h('small', {}, 'Put a key into .env to choose a live one.')),
      field(this.#fault, 'Fault for the next question'),
      field(this.#instructions, 'Instructions', h('small', {}, 'They belong to the agent, not to a session.')),
    );
    this.element.addEventListener('change', ({ target }) => {
      if (target instanceof HTMLInputElement || target instanceof HTMLSelectElement)
        lab.set({ ...lab.settings, [target.name]: target.value });
    });
    this.element.addEventListener('submit', (event) => event.preventDefault());
    lab.onChange(() => this.draw());
  }

  draw(): void {
    const { mode, session, api, fault, model } = this.#lab.settings;
    for (const [name, value] of Object.entries({ mode, session })) {
      const radio = this.element.querySelector(`input[name=${name}][value=${value}]`);
      if (radio instanceof HTMLInputElement) radio.checked = true;
    }
    this.#api.value = api;
    this.#fault.value = fault;
    // Only the demo model breaks on purpose.
    this.#fault.disabled = model === 'live';
    const isBackground = mode === 'background';
    disableSecond(this.#api, isBackground);
    this.#apiHint.textContent = isBackground ? 'Chat Completions cannot work in the background.' : '';
    this.#instructions.disabled = this.#lab.runs.some(({ isOpen }) => isOpen);
  }

  /** The server restarts with them, so no answer may be in progress. */
  async #instruct(): Promise<void> {
    this.#instructions.ariaBusy = 'true';
    await instruct(this.#instructions.value);
    this.#instructions.ariaBusy = null;
  }
}

/** The choices of a select, by their values. */
export function options(names: Readonly<Record<string, string>>): readonly HTMLElement[] {
  return Object.entries(names).map(([value, name]) => h('option', { value }, name));
}

function select(name: keyof Settings, names: Readonly<Record<string, string>>): HTMLSelectElement {
  return h('select', { id: name, name, 'data-testid': name }, options(names));
}

function disableSecond({ options: [, second] }: HTMLSelectElement, isDisabled: boolean): void {
  if (second !== undefined) second.disabled = isDisabled;
}

function radios(name: keyof Settings, names: Readonly<Record<string, string>>): HTMLElement {
  return h(
    'fieldset',
    { class: 'choices' },
    h('legend', {}, name),
    Object.entries(names).map(([value, label]) =>
      h('label', {}, h('input', { type: 'radio', name, value }), label, h('small', {}, HINTS[value] ?? '')),
    ),
  );
}

function field(control: HTMLElement, label: string, hint: HTMLElement | false = false): HTMLElement {
  return h('div', { class: 'field' }, h('label', { for: control.id }, label), control, hint);
}
