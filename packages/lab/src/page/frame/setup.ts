// The settings of the next question, as native controls.
import { h } from '@turnstream/server/chat';
import { type About, instruct } from '../connection.ts';
import { FAULT_NAMES } from '../faults.ts';
import type { Lab } from '../lab.ts';
import { MODE_NAMES, MODES, SESSION_NAMES, SESSIONS, type Settings } from '../settings.ts';

export class Setup {
  readonly element: HTMLElement;
  readonly #lab: Lab;
  readonly #api: HTMLSelectElement;
  readonly #apiHint = h('small', { id: 'api-hint' });
  readonly #fault: HTMLSelectElement;
  readonly #instructions = h('textarea', { id: 'instructions', rows: 2, 'data-testid': 'instructions' });

  constructor(lab: Lab, { live, instructions }: About) {
    this.#lab = lab;
    this.#api = h(
      'select',
      {
        id: 'api',
        'data-testid': 'api',
        'aria-describedby': 'api-hint',
        onChange: () => lab.set({ api: this.#api.value as Settings['api'] }),
      },
      h('option', { value: 'responses' }, 'Responses'),
      h('option', { value: 'chat_completions' }, 'Chat Completions'),
    );
    this.#fault = h(
      'select',
      { id: 'fault', 'data-testid': 'fault', onChange: () => lab.set({ fault: this.#fault.value }) },
      ...Object.entries(FAULT_NAMES).map(([value, name]) => h('option', { value }, name)),
    );
    this.#instructions.value = instructions;
    this.#instructions.addEventListener('change', () => void this.#instruct());
    this.element = h(
      'form',
      { class: 'setup', id: 'setup', 'aria-label': 'Setup' },
      h('button', { type: 'button', 'data-testid': 'anew', onClick: () => lab.chat.startAnew() }, 'New conversation'),
      radios('mode', 'Mode', MODES, MODE_NAMES, lab.settings.mode, (mode) => lab.set({ mode })),
      radios('session', 'Session', SESSIONS, SESSION_NAMES, lab.settings.session, (session) => lab.set({ session })),
      field('api', 'API', this.#api, this.#apiHint),
      modelField(lab, live),
      field('fault', 'Fault of the next question', this.#fault),
      field(
        'instructions',
        'Instructions',
        this.#instructions,
        h('small', {}, 'They belong to the agent, not to a session.'),
      ),
    );
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
    const option = this.#api.options[1];
    if (option !== undefined) option.disabled = isBackground;
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

function radios<Value extends string>(
  name: string,
  legend: string,
  values: readonly Value[],
  names: Readonly<Record<Value, string>>,
  chosen: Value,
  onChoose: (value: Value) => void,
): HTMLElement {
  return h(
    'fieldset',
    {},
    h('legend', {}, legend),
    ...values.map((value) =>
      h(
        'label',
        {},
        h('input', { type: 'radio', name, value, checked: value === chosen, onChange: () => onChoose(value) }),
        names[value],
      ),
    ),
  );
}

function field(id: string, label: string, control: HTMLElement, hint: HTMLElement | null = null): HTMLElement {
  return h('div', { class: 'field' }, h('label', { for: id }, label), control, hint);
}

function modelField(lab: Lab, live: string | null): HTMLElement {
  const select = h(
    'select',
    { id: 'model', 'data-testid': 'model', onChange: () => lab.set({ model: select.value as Settings['model'] }) },
    h('option', { value: 'demo' }, 'Demo model, on this machine'),
    h('option', { value: 'live', disabled: live === null }, live ?? 'Live: no key'),
  );
  return field(
    'model',
    'Model',
    select,
    h('small', {}, live === null ? 'Put a key into .env to choose a live one.' : ''),
  );
}
