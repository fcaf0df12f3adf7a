// What a background response measures its progress with: the time, or a clock that a test moves.

export interface Clock {
  /** Milliseconds since any moment. */
  now(): number;
  /** Resolves at that moment, or as soon as the signal aborts. */
  until(moment: number, signal: AbortSignal): Promise<void>;
}

/** The time as it passes. Waiting for it holds no process open. */
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
      // Rounded up, because a timer may fire a fraction too early.
      const timer = setTimeout(done, Math.ceil(waitMs));
      timer.unref();
      signal.addEventListener('abort', done);
    }),
};

/** A clock that stands still until it is moved. */
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

  /** Moves the clock on. What waited for a moment up to then goes on at once, after the code that is running. */
  advance(ms: number): void {
    this.#now += ms;
    for (const waiter of this.#waiting) if (waiter.moment <= this.#now) waiter.wake();
  }
}
