// The wire: the frames of a run as they came. A frame leads to its tick, and a tick to its frame.
import { count, h, setText } from '@turnstream/server/chat';
import type { Lab } from '../lab.ts';
import type { Frame, Run } from '../run/run.ts';
import { type Table, tableButton } from './panel.ts';

const SHOWN_FRAMES = 100;
const SHOWN_CHARS = 160;
const DRAW_EVERY_MS = 250;

export class WireView {
  readonly element: HTMLElement;
  readonly #lab: Lab;
  readonly #said = h('p', { 'data-testid': 'wire-said' });
  readonly #list = h('ol', { class: 'frames scroll', tabindex: 0, 'aria-label': 'Frames' });
  /** What was drawn last; undefined until the first draw. */
  #run: Run | null | undefined;
  #picked: number | null = null;
  #last: Frame | undefined;
  #isWaiting = false;

  constructor(lab: Lab) {
    this.#lab = lab;
    this.element = h('div', { class: 'wire' }, this.#said, this.#list);
    this.#list.addEventListener('click', (event) => this.#clicked(event));
    lab.onChange(() => this.#look());
  }

  /** New frames are drawn a few times a second, another choice at once. */
  #look(): void {
    if (this.#isOtherSelection) return this.draw();
    if (!this.#isWaiting) setTimeout(() => this.draw(), DRAW_EVERY_MS);
    this.#isWaiting = true;
  }

  get #isOtherSelection(): boolean {
    return this.#lab.selected !== this.#run || this.#lab.selectedFrame !== this.#picked;
  }

  draw(): void {
    this.#isWaiting = false;
    if (!this.element.checkVisibility()) return;
    const { selected: run, selectedFrame: picked } = this.#lab;
    const frames = run === null ? [] : windowOf(run, picked);
    setText(this.#said, run === null ? 'No run yet: each event is a line.' : saidOf(run, frames));
    const last = frames.at(-1);
    let known = 0;
    if (!this.#isOtherSelection) {
      if (last === this.#last) return;
      known = frames.findIndex((frame) => frame === this.#last) + 1;
    }
    this.#run = run;
    this.#picked = picked;
    this.#last = last;
    this.#said.className = run === null ? 'empty' : 'axis';
    const hadFocus = this.#list.matches(':focus-within');
    // Rows that have left the window at the top; all of them after another selection.
    while (this.#list.childElementCount > known) this.#list.firstChild?.remove();
    this.#list.append(...frames.slice(known).map((frame) => frameElement(frame, frame.number === picked)));
    const current = this.#list.querySelector<HTMLElement>('[aria-current]');
    if (current === null) this.#list.scrollTop = this.#list.scrollHeight;
    else current.scrollIntoView({ block: 'nearest' });
    // The row with the focus may be gone.
    if (hadFocus && !this.#list.matches(':focus-within')) (current ?? this.#list).focus();
  }

  #clicked({ target }: Event): void {
    const row = target instanceof Element ? target.closest<HTMLElement>('[data-frame]') : null;
    const run = this.#lab.selected;
    if (row !== null && run !== null) this.#lab.select(run, Number(row.dataset['frame']));
  }
}

/** The latest frames, or those around the one that is picked. */
function windowOf({ frames, framesDropped }: Run, picked: number | null): readonly Frame[] {
  if (picked === null) return frames.slice(-SHOWN_FRAMES);
  const place = Math.max(0, picked - framesDropped - 1 - SHOWN_FRAMES / 2);
  return frames.slice(place, place + SHOWN_FRAMES);
}

function saidOf(run: Run, frames: readonly Frame[]): string {
  const { offset, text } = run.frames.at(-1) ?? { offset: 0, text: '' };
  const all = run.frames.length + run.framesDropped;
  return `${count(all, 'frame')}, ${count(offset + text.length, 'character')}${frames.length < all ? `; ${frames.length} shown` : ''}`;
}

function frameElement({ number, event, text, offset }: Frame, isPicked: boolean): HTMLElement {
  return h(
    'li',
    {},
    h(
      'button',
      {
        type: 'button',
        class: `frame ${event}`,
        'data-testid': 'frame',
        'data-frame': number,
        'aria-current': isPicked ? 'true' : null,
      },
      h('span', { class: 'offset', title: 'characters before' }, `+${offset}`),
      h('b', {}, event),
      h('code', {}, shortened(/^data: (.*)$/m.exec(text)?.[1] ?? text)),
    ),
  );
}

function shortened(text: string): string {
  return text.length > SHOWN_CHARS ? `${text.slice(0, SHOWN_CHARS)}…` : text;
}

export function wireTable(lab: Lab): HTMLButtonElement {
  return tableButton('wire', () => tableOfFrames(lab.selected));
}

function tableOfFrames(run: Run | null): Table {
  const frames = run?.frames ?? [];
  return {
    caption: 'Wire: the frames as they came',
    columns: ['frame', 'characters before', 'event', 'when', 'text'],
    rows: frames.map(({ number, offset, event, atMs, text }) => [
      `${number}`,
      `${offset}`,
      event,
      `${Math.round(atMs)} ms`,
      text.trim(),
    ]),
    total: `${count(frames.length, 'frame')}.`,
  };
}
