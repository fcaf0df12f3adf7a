// Updates between the frames that make them, many at a time, and the pulls that take them, one at a time.
import type { ChatUpdate } from '@turnstream/core/seams';

export type Pull<Item = ChatUpdate> = IteratorResult<Item, undefined>;

const DONE: IteratorReturnResult<undefined> = { done: true, value: undefined };

export class UpdateQueue<Item = ChatUpdate> {
  /** Where an answer adds its updates. Call `settle()` afterwards. */
  incoming: Item[] = [];
  readonly #wanted: () => void;
  #taken = 0;
  #ending: { readonly error: unknown } | 'done' | null = null;
  /** The pull that waits. */
  #resolve: ((pull: Pull<Item>) => void) | null = null;
  #reject: ((reason: unknown) => void) | null = null;
  /** The last pull handed out, and how many wait behind the one above: a later one queues up. */
  #lastPull: Promise<Pull<Item>> = Promise.resolve(DONE);
  #pullsBehind = 0;

  /** `wanted` is called whenever a pull begins to wait. */
  constructor(wanted: () => void) {
    this.#wanted = wanted;
  }

  get isEmpty(): boolean {
    return this.incoming.length === 0;
  }

  /** One promise a pull, and no wait while there are updates. */
  next(): Promise<Pull<Item>> {
    if (this.#resolve === null && this.#pullsBehind === 0) {
      this.#lastPull = this.#pull();
      return this.#lastPull;
    }
    const later = (): Promise<Pull<Item>> => {
      this.#pullsBehind -= 1;
      return this.#pull();
    };
    this.#pullsBehind += 1;
    this.#lastPull = this.#lastPull.then(later, later);
    return this.#lastPull;
  }

  /** The next update without a pull; null when there is none, or when it is for a pull that waits. */
  takeReady(): Item | null {
    return this.isEmpty || this.#resolve !== null || this.#pullsBehind > 0 ? null : this.#take();
  }

  /** Gives the pull that waits what there is: an update, else the ending. One of them there must be. */
  settle(): void {
    const resolve = this.#resolve;
    const reject = this.#reject;
    this.#resolve = this.#reject = null;
    if (!this.isEmpty) resolve?.({ done: false, value: this.#take() });
    else if (this.#ending === 'done') resolve?.(DONE);
    else reject?.(this.#ending?.error);
  }

  /** What pulls get from now on, once the updates that are here have been taken. */
  end(ending: { readonly error: unknown } | 'done'): void {
    this.#ending = ending;
    this.settle();
  }

  /** Throws away the updates that nobody has taken. */
  clear(): void {
    this.incoming = [];
    this.#taken = 0;
  }

  #pull(): Promise<Pull<Item>> {
    if (!this.isEmpty) return Promise.resolve({ done: false, value: this.#take() });
    if (this.#ending === 'done') return Promise.resolve(DONE);
    if (this.#ending !== null) return Promise.reject(this.#ending.error);
    return new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
      this.#wanted();
    });
  }

  #take(): Item {
    const update = this.incoming[this.#taken] as Item;
    this.#taken += 1;
    if (this.#taken === this.incoming.length) this.clear();
    return update;
  }
}
