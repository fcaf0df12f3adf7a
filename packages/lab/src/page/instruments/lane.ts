// One run on a time axis: how long its connection was open, and when bytes arrived. One path for all its ticks.
import { setAttribute, svg } from '@turnstream/server/chat';
import type { Mark, Run } from '../run/run.ts';

const HEIGHT = 30;
const MIDDLE = 14;
const MOST_MARKS = 60;

export class Lane {
  readonly element: SVGSVGElement;
  readonly #run: Run;
  readonly #bar = svg('rect', { class: 'bar', y: MIDDLE - 5, height: 10, rx: 5, 'data-testid': 'connection' });
  readonly #hollow = svg('path', { class: 'hollow', 'data-testid': 'hollow' });
  readonly #ticks = svg('path', { class: 'ticks', 'data-testid': 'ticks' });
  readonly #marks = svg('g');
  readonly #picked = svg('rect', { class: 'picked', y: 2, height: HEIGHT - 4, width: 5, rx: 2 });
  #drawn = '';

  constructor(run: Run) {
    this.#run = run;
    this.element = svg(
      'svg',
      { class: 'lane', height: HEIGHT, role: 'img' },
      this.#bar,
      this.#hollow,
      this.#ticks,
      this.#marks,
      this.#picked,
    );
  }

  /** `scaleMs` is the length of the axis; `picked` the frame whose tick stands out. */
  draw(width: number, scaleMs: number, picked: number | null): void {
    const run = this.#run;
    const openMs = Math.round(run.connectionEndMs ?? run.now);
    const key = [width, scaleMs, picked, openMs, run.state, run.ticks.length, run.marks.length].join();
    if (key === this.#drawn) return;
    this.#drawn = key;
    const x = (ms: number): number => Math.round(10 * (ms / scaleMs) * (width - 16) + 80) / 10;
    setAttribute(this.element, 'width', width);
    setAttribute(this.element, 'aria-label', describe(run));
    setAttribute(this.#bar, 'x', x(0));
    setAttribute(this.#bar, 'width', Math.max(2, x(openMs) - x(0)));
    setAttribute(this.#bar, 'data-end-ms', openMs);
    // All ticks in one pixel become one stroke.
    const arrived = new Set(run.ticks.map(({ atMs }) => Math.round(2 * x(atMs)) / 2));
    setAttribute(this.#ticks, 'd', [...arrived].map((at) => `M${at} ${MIDDLE - 8}v15`).join(''));
    const served = new Set(
      run.ticks.map(({ serverAtMs }) => (serverAtMs === null ? null : Math.round(x(serverAtMs) / 3) * 3)),
    );
    served.delete(null);
    setAttribute(this.#hollow, 'd', [...served].map((at) => circle(at ?? 0, HEIGHT - 4)).join(''));
    this.#marks.replaceChildren(...this.#marksOf(x));
    this.#drawPicked(x, picked);
  }

  #marksOf(x: (ms: number) => number): SVGElement[] {
    const run = this.#run;
    const marks = run.marks.slice(-MOST_MARKS).map((mark) => markAt(mark, x(mark.atMs)));
    if (run.firstMs !== null && run.settings.mode !== 'background')
      marks.push(
        titled(
          svg('path', { class: 'first', 'data-testid': 'first', d: `M${x(run.firstMs) - 4} 0h8l-4 7z` }),
          'first word',
        ),
      );
    // A guard is the end.
    if (run.totalMs !== null && run.marks.every(({ kind }) => kind !== 'guard')) marks.push(endAt(run, x(run.totalMs)));
    return marks;
  }

  #drawPicked(x: (ms: number) => number, picked: number | null): void {
    const tick = picked === null ? undefined : this.#run.ticks.find(({ frame }) => frame === picked);
    setAttribute(this.#picked, 'hidden', tick === undefined);
    setAttribute(this.#picked, 'data-testid', tick === undefined ? null : 'picked-tick');
    if (tick !== undefined) setAttribute(this.#picked, 'x', x(tick.atMs) - 2.5);
  }
}

/** As long as the longest run, rounded up so that the picture does not creep. */
export function axisFor(runs: readonly Run[]): number {
  const longest = Math.max(500, ...runs.map((run) => run.totalMs ?? run.now));
  const step = longest > 10_000 ? 5_000 : longest > 2_000 ? 1_000 : 500;
  return Math.ceil(longest / step) * step;
}

function markAt({ kind, label }: Mark, x: number): SVGElement {
  const shapes: Readonly<Record<Mark['kind'], string>> = {
    poll: circle(x, MIDDLE),
    guard: `M${x - 6} ${MIDDLE - 6}l12 12m0 -12l-12 12`,
    retry: `M${x - 5} ${MIDDLE}l5 -6l5 6l-5 6z`,
    claim: `M${x} 2v9m0 -9h8v5h-8`,
    lost: `M${x - 3} 4v26m6 -26v26`,
    back: `M${x - 4} ${MIDDLE - 6}l7 6l-7 6z`,
    tool: `M${x - 4} 2h8v8h-8z`,
  };
  return titled(svg('path', { class: `mark ${kind}`, 'data-testid': kind, d: shapes[kind] }), label);
}

function endAt(run: Run, x: number): SVGElement {
  const isDone = run.state === 'done';
  const shape = isDone ? circle(x, MIDDLE, 5) : `M${x - 5} ${MIDDLE - 5}h10v10h-10z`;
  return titled(svg('path', { class: isDone ? 'end done' : 'end early', 'data-testid': 'end', d: shape }), run.state);
}

function titled(shape: SVGElement, text: string): SVGElement {
  shape.append(svg('title', {}, text));
  return shape;
}

function circle(x: number, y: number, r = 3): string {
  return `M${x - r} ${y}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0z`;
}

function describe({ settings, state, ticks, firstMs, totalMs, marks }: Run): string {
  const words = [`${settings.mode}, session ${settings.session}: ${state}`, `${ticks.length} updates`];
  if (firstMs !== null) words.push(`first word after ${Math.round(firstMs)} ms`);
  if (totalMs !== null) words.push(`${Math.round(totalMs)} ms in all`);
  return [...words, ...marks.filter(({ kind }) => kind === 'guard').map(({ label }) => label)].join(', ');
}
