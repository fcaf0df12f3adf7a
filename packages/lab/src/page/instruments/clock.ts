// The clock: when bytes arrived. A lane for each run, all on one axis.
import { h, setText, time } from '@turnstream/server/chat';
import type { Lab } from '../lab.ts';
import type { Run } from '../run/run.ts';
import { axisFor, Lane } from './lane.ts';
import { type Table, tableButton } from './panel.ts';

const SHOWN_LANES = 6;

interface Row {
  readonly run: Run;
  readonly lane: Lane;
  readonly element: HTMLElement;
  readonly said: HTMLElement;
}

export class Clock {
  readonly element: HTMLElement;
  readonly #lab: Lab;
  readonly #view: string;
  readonly #runs: () => readonly Run[];
  readonly #lanes = h('ol', { class: 'lanes' });
  /** Its beginning, middle and end. */
  readonly #axis = [h('span', {}, '0'), h('span'), h('span')] as const;
  #rows: Row[] = [];
  /** Of the pictures, which are as wide as their column in the style sheet. */
  #width = 0;

  /** In this view. `runs` says which of them; the latest of all when left out. */
  constructor(lab: Lab, view: string, runs: () => readonly Run[] = () => lab.runs) {
    this.#lab = lab;
    this.#view = view;
    this.#runs = runs;
    this.element = h(
      'div',
      { class: 'clock' },
      h('p', { class: 'empty' }, 'No run yet: each becomes a lane.'),
      h('p', { class: 'scale' }, ...this.#axis),
      this.#lanes,
    );
    lab.onChange(() => this.draw());
    new ResizeObserver(() => {
      this.#measure();
      this.draw();
    }).observe(this.#lanes);
  }

  draw(): void {
    if (this.#lab.view !== this.#view) return;
    const runs = this.#runs().slice(-SHOWN_LANES);
    this.#keepRows(runs);
    const scaleMs = axisFor(runs);
    setText(this.#axis[1], time(scaleMs / 2));
    setText(this.#axis[2], time(scaleMs));
    for (const { run, lane, element, said } of this.#rows) {
      const isSelected = run === this.#lab.selected;
      element.classList.toggle('selected', isSelected);
      lane.draw(this.#width, scaleMs, isSelected ? this.#lab.selectedFrame : null);
      setText(said, saidOf(run));
    }
  }

  #keepRows(runs: readonly Run[]): void {
    const isSame = runs.length === this.#rows.length && runs.every((run, index) => this.#rows[index]?.run === run);
    if (isSame) return;
    this.#rows = runs.map((run) => this.#rows.find((row) => row.run === run) ?? this.#rowOf(run));
    this.#lanes.replaceChildren(...this.#rows.map(({ element }) => element));
    this.#measure();
  }

  #measure(): void {
    this.#width = Math.max(60, this.#rows[0]?.element.querySelector('.picture')?.clientWidth ?? 0);
  }

  #rowOf(run: Run): Row {
    const lane = new Lane(run);
    const said = h('span', { class: 'said', 'data-testid': 'said' });
    const { session } = run.settings;
    const name = h(
      'button',
      { type: 'button', class: 'lane-name', title: run.question, onClick: () => this.#lab.select(run) },
      h('b', {}, run.settings.mode),
      h('small', {}, ` ${session === 'none' ? 'no' : session} session`),
    );
    const picture = h('div', { class: 'picture' }, lane.element);
    picture.addEventListener('click', (event) => this.#pick(run, picture, event));
    const element = h(
      'li',
      { 'data-testid': 'lane', 'data-run': run.id, 'data-mode': run.settings.mode },
      name,
      picture,
      said,
    );
    return { run, lane, element, said };
  }

  /** The tick nearest to the pointer, and so its frame. */
  #pick(run: Run, picture: HTMLElement, event: MouseEvent): void {
    const { left, width } = picture.getBoundingClientRect();
    const atMs = ((event.clientX - left - 8) / (width - 16)) * axisFor(this.#runs().slice(-SHOWN_LANES));
    const nearest = run.ticks.toSorted((one, other) => Math.abs(one.atMs - atMs) - Math.abs(other.atMs - atMs))[0];
    this.#lab.select(run, nearest?.frame ?? null);
  }
}

/** In two lines. */
function saidOf(run: Run): string {
  const guard = run.marks.findLast(({ kind }) => kind === 'guard');
  const all = time(run.totalMs ?? run.now);
  if (guard !== undefined && !run.isOpen) return `${guard.label.split(' after ')[0]}\nafter ${time(guard.atMs)}`;
  if (run.state !== 'done') return `${run.state}\n${all}`;
  const first = time(run.firstMs);
  return first === all ? `all ${all}` : `first ${first}\nall ${all}`;
}

export function clockTable(lab: Lab): HTMLButtonElement {
  return tableButton('clock', () => tableOfTicks(lab.selected ?? lab.runs.at(-1)));
}

function tableOfTicks(run: Run | undefined): Table {
  const columns = ['what', 'the page had it', 'the server had it'];
  if (run === undefined) return { caption: 'Clock: no run yet', columns, rows: [], total: '' };
  const rows = [
    ...run.marks.map(({ label, atMs }) => ({ atMs, row: [label, ms(atMs), ''] })),
    ...run.ticks.map(({ atMs, serverAtMs, frame }) => ({
      atMs,
      row: [`update in frame ${frame}`, ms(atMs), serverAtMs === null ? '' : ms(serverAtMs)],
    })),
  ].toSorted((one, other) => one.atMs - other.atMs);
  const total = `${run.ticks.length} updates, first word after ${time(run.firstMs)}, ${time(run.totalMs)} in all, ${run.state}.`;
  return { caption: `Clock of "${run.question.slice(0, 60)}"`, columns, rows: rows.map(({ row }) => row), total };
}

function ms(atMs: number): string {
  return `${Math.round(atMs)} ms`;
}
