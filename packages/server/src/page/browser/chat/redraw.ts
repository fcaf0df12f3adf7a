// When the views of the page draw: in a frame after a change, and at most 20 times a second.
/// <reference lib="dom" />

/** A third of the redraws at 60 frames a second, with no visible difference. */
const EVERY_MS = 50;
/** Times above a second are shown in tenths. */
const LATER_MS = 100;

export class Redraw {
  readonly #listeners = new Set<() => void>();
  #isScheduled = false;
  #later: ReturnType<typeof setTimeout> | undefined;
  #drawnAtMs = 0;

  readonly onChange = (listener: () => void): void => void this.#listeners.add(listener);

  /** Draws once, however often it is called until then. */
  readonly changed = (): void => {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    setTimeout(() => requestAnimationFrame(this.#draw), this.#drawnAtMs + EVERY_MS - performance.now());
  };

  /** Schedules a draw of what changes with time alone. Each call starts the timer again, so there is only one. */
  readonly drawLater = (): void => {
    clearTimeout(this.#later);
    this.#later = setTimeout(this.changed, LATER_MS);
  };

  readonly #draw = (): void => {
    this.#isScheduled = false;
    this.#drawnAtMs = performance.now();
    for (const listener of this.#listeners) listener();
  };
}
