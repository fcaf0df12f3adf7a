// When the views of the page draw: in a frame after a change, and not in every frame while changes keep coming.
/// <reference lib="dom" />

/** An answer that grows 30 times a second looks like one that grows 60 times, and costs half as much. */
const EVERY_MS = 33;
const LATER_MS = 50;

export class Redraw {
  readonly #listeners = new Set<() => void>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #later: ReturnType<typeof setTimeout> | undefined;
  #drawnAtMs = 0;

  readonly onDraw = (listener: () => void): void => void this.#listeners.add(listener);

  /** Draws once, however often it is called until then. */
  readonly request = (): void => {
    this.#timer ??= setTimeout(() => requestAnimationFrame(this.#draw), this.#drawnAtMs + EVERY_MS - performance.now());
  };

  /** For what changes with time alone. */
  readonly requestLater = (): void => {
    this.#later ??= setTimeout(() => {
      this.#later = undefined;
      this.request();
    }, LATER_MS);
  };

  readonly #draw = (): void => {
    this.#timer = undefined;
    this.#drawnAtMs = performance.now();
    for (const listener of this.#listeners) listener();
  };
}
