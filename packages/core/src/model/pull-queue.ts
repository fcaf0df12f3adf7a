// Items that come when they come, and the pulls that take them one at a time: the hand-written half of an async iterator.

type Pull<Item> = IteratorResult<Item, undefined>;

const DONE: IteratorReturnResult<undefined> = { done: true, value: undefined };

/** Where a queue looks when it holds nothing itself. */
export interface PullSource<Item> {
  /** The next item if it is here already; null when it is not. Left out, only what was pushed is here. */
  takeReady?(): Item | null;
  /** A pull has started to wait: `push`, `end` or `fail` answers it. */
  wanted?(): void;
}

/**
 * Pulls are answered in the order they were made, each with one promise. What is pushed before the end is delivered
 * before it, and a failure is thrown by every pull after that: an end must never look like the answer's.
 */
export class PullQueue<Item extends object> {
  readonly #source: PullSource<Item>;
  #items: Item[] = [];
  /** A cursor: `shift()` copies a long list each time. */
  #taken = 0;
  #ended = false;
  #failure: { readonly error: unknown } | null = null;
  /** The pull that waits. */
  #resolve: ((pull: Pull<Item>) => void) | null = null;
  #reject: ((reason: unknown) => void) | null = null;
  /** The last pull made, and how many are chained after the one that waits. */
  #lastPull: Promise<Pull<Item>> = Promise.resolve(DONE);
  #chained = 0;

  constructor(source: PullSource<Item> = {}) {
    this.#source = source;
  }

  /** True while a pull waits for an item. */
  get isWaiting(): boolean {
    return this.#resolve !== null;
  }

  /** True when nothing that was pushed is left to take. */
  get isEmpty(): boolean {
    return this.#items.length === 0;
  }

  next(): Promise<Pull<Item>> {
    if (this.#resolve === null && this.#chained === 0) {
      this.#lastPull = this.#pull();
      return this.#lastPull;
    }
    const later = (): Promise<Pull<Item>> => {
      this.#chained -= 1;
      return this.#pull();
    };
    this.#chained += 1;
    this.#lastPull = this.#lastPull.then(later, later);
    return this.#lastPull;
  }

  /** The next item that is here already, without a promise; null when there is none or an earlier pull comes first. */
  takeReady(): Item | null {
    return this.#resolve === null && this.#chained === 0 ? this.#ready() : null;
  }

  /** Does nothing after the end. */
  push(item: Item): void {
    if (this.#ended) return;
    const resolve = this.#resolve;
    if (resolve === null) {
      this.#items.push(item);
      return;
    }
    this.#resolve = this.#reject = null;
    resolve({ done: false, value: item });
  }

  /** Every later pull is done, after a failure too. */
  end(): void {
    this.#ended = true;
    this.#failure = null;
    const resolve = this.#resolve;
    this.#resolve = this.#reject = null;
    resolve?.(DONE);
  }

  fail(error: unknown): void {
    this.#ended = true;
    this.#failure = { error };
    const reject = this.#reject;
    this.#resolve = this.#reject = null;
    reject?.(error);
  }

  /** Forgets what was pushed and not taken. */
  clear(): void {
    this.#items = [];
    this.#taken = 0;
  }

  #pull(): Promise<Pull<Item>> {
    // Taking from the source may end the queue.
    const item = this.#ready();
    if (item !== null) return Promise.resolve({ done: false, value: item });
    if (this.#failure !== null) return Promise.reject(this.#failure.error);
    if (this.#ended) return Promise.resolve(DONE);
    return new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
      this.#source.wanted?.();
    });
  }

  #ready(): Item | null {
    return this.#take() ?? this.#source.takeReady?.() ?? null;
  }

  #take(): Item | null {
    const item = this.#items[this.#taken];
    if (item === undefined) return null;
    this.#taken += 1;
    if (this.#taken === this.#items.length) this.clear();
    return item;
  }
}
