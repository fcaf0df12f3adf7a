// The grid: three modes by three sessions, and the proof that the two are independent.

import { count, h, time } from '@turnstream/server/chat';
import { experimentButton, intro } from '../experiments/intro.ts';
import { type Cell, clockShape, columnFact, type Fact, prove, rowFact } from '../experiments/proof.ts';
import { axisFor, Lane } from '../instruments/lane.ts';
import { blockName, type Column, columnsOfRuns } from '../instruments/stack.ts';
import type { Lab } from '../lab.ts';
import { MODE_NAMES, MODES, type Mode, SESSION_NAMES, SESSIONS, type SessionChoice } from '../settings.ts';

const LANE_WIDTH = 210;
/** What each fact says when it holds, and when it does not. */
const ROW = [
  'Along a row the clocks are alike: a session does not decide when bytes leave.',
  'Along a row the clocks differ: something holds bytes back.',
] as const;
const COLUMN = [
  'Down a column the stacks are alike: a mode does not decide what goes in.',
  'Down a column the stacks differ: a conversation leaks into another.',
] as const;

export class GridView {
  readonly element: HTMLElement;
  readonly #lab: Lab;
  readonly #cells = new Map<string, Cell>();
  readonly #places = new Map<string, HTMLElement>();
  readonly #facts = h('div', { class: 'facts', 'aria-live': 'polite' });

  constructor(lab: Lab) {
    this.#lab = lab;
    const begin = intro(
      'Grid: when bytes leave, and what goes in',
      'Predict first: which pictures in a row will be equal, and which in a column? Then ask the same two questions in all nine ways.',
      experimentButton('Prove it', { 'data-testid': 'prove' }, () => this.#prove()),
    );
    this.element = h('div', { class: 'page' }, begin, this.#facts, this.#table());
    lab.onChange(() => this.draw());
  }

  draw(): void {
    if (this.element.hidden) return;
    const filled = this.#filled();
    const runs = [...filled.values()].flatMap((cell) => cell.runs);
    const scaleMs = axisFor(runs);
    for (const [key, cell] of filled) {
      const place = this.#places.get(key);
      if (place !== undefined) drawCell(place, cell, scaleMs);
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
    this.#facts.replaceChildren();
    this.#lab.proofs += 1;
    const cells = await prove(this.#lab, (cell) => this.#cells.set(keyOf(cell.mode, cell.session), cell));
    this.#facts.replaceChildren(
      factElement('row', ROW, rowFact(cells)),
      factElement('column', COLUMN, columnFact(cells)),
    );
    this.#lab.changed();
  }
}

function keyOf(mode: Mode, session: SessionChoice): string {
  return `${mode} ${session}`;
}

/** All cells have one time axis, so that those of a row can be compared. */
function drawCell(place: HTMLElement, cell: Cell, scaleMs: number): void {
  const width = Math.min(LANE_WIDTH, place.clientWidth - 12);
  const drawn = [
    width,
    scaleMs,
    ...cell.runs.map(({ id, state, requests }) => `${id} ${state} ${requests.length}`),
  ].join();
  if (place.dataset['drawn'] === drawn && cell.runs.every(({ isOpen }) => !isOpen)) return;
  place.dataset['drawn'] = drawn;
  place.dataset['state'] = cell.runs.at(-1)?.state ?? '';
  const lanes = cell.runs.map((run) => {
    const lane = new Lane(run);
    lane.draw(width, scaleMs, null);
    return lane.element;
  });
  const columns = columnsOfRuns(cell.runs);
  place.replaceChildren(
    h('div', { class: 'cell' }, h('div', {}, ...lanes), h('div', { class: 'minis' }, ...columns.map(mini))),
    h('small', {}, clockOf(cell)),
    h('small', {}, `sent ${columns.map(({ request }) => count(request.blocks.length, 'message')).join(', then ')}`),
  );
}

function mini({ request, known }: Column): HTMLElement {
  const blocks = request.blocks.map((block, place) =>
    h('li', { class: `block ${blockName(block)}`, 'data-fresh': place >= known }),
  );
  return h(
    'ol',
    { class: 'mini', reversed: true, 'aria-label': count(blocks.length, 'message') },
    ...blocks.toReversed(),
  );
}

function clockOf({ runs: [first] }: Cell): string {
  if (first === undefined || first.isOpen) return first?.state ?? '';
  const [firstWord, all] = [time(first.firstMs), time(first.totalMs)];
  return `${clockShape(first)}: ${firstWord === all ? '' : `first ${firstWord}, `}all ${all}`;
}

function factElement(name: string, [yes, no]: readonly [string, string], { holds, of, exceptions }: Fact): HTMLElement {
  const isTrue = holds === of;
  return h(
    'p',
    { class: isTrue ? 'fact true' : 'fact false', 'data-testid': `${name}-fact` },
    h('b', {}, `${isTrue ? 'Holds' : 'No: holds only'} in ${holds} of ${of} ${name}s. `),
    isTrue ? yes : no,
    ...exceptions.map((exception) => h('small', {}, `Not in ${exception}.`)),
  );
}
