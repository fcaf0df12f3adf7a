// The grid: three modes by three sessions, and the proof that the two are independent.

import { h, time } from '@turnstream/server/chat';
import { type Cell, columnFact, type Fact, prove, rowFact } from '../experiments/proof.ts';
import { Lane } from '../instruments/lane.ts';
import { blockName, columnsOfRuns } from '../instruments/stack.ts';
import type { Lab } from '../lab.ts';
import { MODE_NAMES, MODES, type Mode, SESSION_NAMES, SESSIONS, type SessionChoice } from '../settings.ts';

const LANE_WIDTH = 210;
/** What each fact says when it holds, and when it does not. */
const ROW = [
  'Along a row the session changes and the clock does not: a session does not decide when bytes leave.',
  'Along a row only the session changes, and yet the clock did too: something in between holds bytes back.',
] as const;
const COLUMN = [
  'Along a column the mode changes and the stack does not: a mode does not decide what goes in.',
  'Along a column only the mode changes, and yet the stack did too: a conversation leaks into another.',
] as const;

export class GridView {
  readonly element: HTMLElement;
  readonly #lab: Lab;
  readonly #cells = new Map<string, Cell>();
  readonly #places = new Map<string, HTMLElement>();
  readonly #facts = h('div', { class: 'facts', 'aria-live': 'polite' });
  readonly #button = h(
    'button',
    { type: 'button', class: 'main', 'data-testid': 'prove', onClick: () => void this.#prove() },
    'Prove it',
  );

  constructor(lab: Lab) {
    this.#lab = lab;
    const intro = h(
      'div',
      { class: 'intro' },
      h('h2', {}, 'Grid: when bytes leave, and what goes in'),
      h(
        'p',
        {},
        'Predict first: which pictures in a row will be equal, and which in a column? Then ask the same two questions in all nine ways.',
      ),
      this.#button,
    );
    this.element = h(
      'div',
      { class: 'page grid-view' },
      intro,
      this.#facts,
      h('div', { class: 'scroll', tabindex: 0, role: 'group', 'aria-label': 'Grid' }, this.#table()),
    );
    lab.onChange(() => this.draw());
  }

  draw(): void {
    if (this.element.hidden) return;
    for (const [key, cell] of this.#filled()) {
      const place = this.#places.get(key);
      if (place !== undefined && (cell.runs.some(({ isOpen }) => isOpen) || place.dataset['drawn'] !== signature(cell)))
        drawCell(place, cell);
    }
  }

  /** Those of the proof, else the latest run of the chat with such settings. */
  #filled(): ReadonlyMap<string, Cell> {
    const cells = new Map<string, Cell>();
    for (const run of this.#lab.runs) {
      const { mode, session } = run.settings;
      const key = keyOf(mode, session);
      const before = cells.get(key)?.runs ?? [];
      if (run.isInChat) cells.set(key, { mode, session, runs: [...before, run].slice(-2) });
    }
    return new Map([...cells, ...this.#cells]);
  }

  #table(): HTMLElement {
    const rows = MODES.map((mode) =>
      h(
        'tr',
        {},
        h('th', { scope: 'row' }, MODE_NAMES[mode]),
        ...SESSIONS.map((session) => this.#place(mode, session)),
      ),
    );
    const head = h(
      'tr',
      {},
      h('td', {}),
      ...SESSIONS.map((session) => h('th', { scope: 'col' }, `Session: ${SESSION_NAMES[session].toLowerCase()}`)),
    );
    return h(
      'table',
      { class: 'grid' },
      h('caption', { class: 'unseen' }, 'Modes and sessions'),
      h('thead', {}, head),
      h('tbody', {}, ...rows),
    );
  }

  #place(mode: Mode, session: SessionChoice): HTMLElement {
    const place = h('td', { 'data-testid': 'cell' }, h('span', { class: 'empty' }, 'not run yet'));
    this.#places.set(keyOf(mode, session), place);
    return place;
  }

  async #prove(): Promise<void> {
    this.#button.disabled = true;
    this.#button.textContent = 'Running nine cells…';
    this.#facts.replaceChildren();
    this.#lab.proofs += 1;
    const cells = await prove(this.#lab, (cell) => this.#cells.set(keyOf(cell.mode, cell.session), cell));
    this.#facts.replaceChildren(
      factElement('row', ROW, rowFact(cells)),
      factElement('column', COLUMN, columnFact(cells)),
    );
    this.#button.disabled = false;
    this.#button.textContent = 'Prove it again';
    this.#lab.changed();
  }
}

function keyOf(mode: Mode, session: SessionChoice): string {
  return `${mode} ${session}`;
}

function signature({ runs }: Cell): string {
  return runs.map(({ id, state, requests }) => `${id} ${state} ${requests.length}`).join();
}

function drawCell(place: HTMLElement, cell: Cell): void {
  const scaleMs = Math.max(...cell.runs.map((run) => run.totalMs ?? run.now), 500);
  const lanes = cell.runs.map((run) => {
    const lane = new Lane(run);
    lane.draw(LANE_WIDTH, scaleMs, null);
    return lane.element;
  });
  const columns = columnsOfRuns(cell.runs).map(({ request }) =>
    h(
      'ol',
      { class: 'mini', reversed: true, 'aria-label': `${request.blocks.length} messages` },
      ...request.blocks.toReversed().map((block) => h('li', { class: `block ${blockName(block)}` })),
    ),
  );
  const last = cell.runs.at(-1);
  place.dataset['drawn'] = signature(cell);
  place.dataset['state'] = last?.state ?? '';
  const said =
    last === undefined
      ? ''
      : last.isOpen
        ? last.state
        : `${time(cell.runs[0]?.firstMs ?? null)} first, ${time(cell.runs[0]?.totalMs ?? null)} in all`;
  place.replaceChildren(
    h('div', { class: 'cell' }, h('div', {}, ...lanes), h('div', { class: 'minis' }, ...columns)),
    h('small', {}, said),
  );
}

function factElement(name: string, [yes, no]: readonly [string, string], { holds, of, exceptions }: Fact): HTMLElement {
  const isTrue = holds === of;
  return h(
    'p',
    { class: isTrue ? 'fact true' : 'fact false', 'data-testid': `${name}-fact` },
    h('b', {}, `${isTrue ? 'Holds' : 'Does not hold'} in ${holds} of ${of} ${name}s. `),
    isTrue ? yes : no,
    ...exceptions.map((exception) => h('small', {}, `Not in ${exception}.`)),
  );
}
