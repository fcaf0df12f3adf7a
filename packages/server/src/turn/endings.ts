// What ends with its reader and with the server. `AbortSignal.any` does the same, but costs more than the rest of a signal
// together: it keeps weak references in case nobody disposes of it.

export interface Ending extends Disposable {
  readonly signal: AbortSignal;
}

export class Endings {
  readonly #stopping: AbortSignal;
  readonly #open = new Set<AbortController>();

  constructor(stopping: AbortSignal) {
    this.#stopping = stopping;
    stopping.addEventListener('abort', () => this.#stop(), { once: true });
  }

  /** A signal that is aborted with the first of the two, and with its reason. Disposing forgets it. */
  with(gone: AbortSignal): Ending {
    const controller = new AbortController();
    const stop = (): void => controller.abort(gone.reason);
    this.#open.add(controller);
    gone.addEventListener('abort', stop, { once: true });
    if (gone.aborted) stop();
    if (this.#stopping.aborted) this.#stop();
    return {
      signal: controller.signal,
      [Symbol.dispose]: () => {
        this.#open.delete(controller);
        gone.removeEventListener('abort', stop);
      },
    };
  }

  #stop(): void {
    for (const controller of this.#open) controller.abort(this.#stopping.reason);
  }
}
