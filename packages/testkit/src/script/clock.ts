// Clocks for background responses: real time, or a clock that a test advances.

/** The time that scripted delays go by. `TestClock` is one that a test moves. */
export interface Clock {
  /** Milliseconds since an arbitrary start. */
  now(): number;
  /** Resolves at that time, or as soon as the signal aborts. */
  until(moment: number, signal: AbortSignal): Promise<void>;
}

/** Real time. Its timers do not keep the process alive. */
export const realClock: Clock = {
  now: () => performance.now(),
  until: (moment, signal) =>
    new Promise((resolve) => {
      const waitMs = moment - performance.now();
      if (waitMs <= 0 || signal.aborted) return resolve();
      const done = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', done);
        resolve();
      };
      // Rounded up, because a timer may fire a fraction of a millisecond early.
      const timer = setTimeout(done, Math.ceil(waitMs));
      timer.unref();
      signal.addEventListener('abort', done);
    }),
};

/** A clock that moves only when the test advances it. */
export class TestClock implements Clock {
  readonly #waiting = new Set<{ readonly moment: number; readonly wake: () => void }>();
  #now = 0;

  now(): number {
    return this.#now;
  }

  until(moment: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (moment <= this.#now || signal.aborted) return resolve();
      const waiter = {
        moment,
        wake: (): void => {
          this.#waiting.delete(waiter);
          signal.removeEventListener('abort', waiter.wake);
          resolve();
        },
      };
      this.#waiting.add(waiter);
      signal.addEventListener('abort', waiter.wake);
    });
  }

  /** Advances the clock. Waits that are due resolve at once, after the current code has run. */
  advance(ms: number): void {
    this.#now += ms;
    for (const waiter of this.#waiting) if (waiter.moment <= this.#now) waiter.wake();
  }
}
