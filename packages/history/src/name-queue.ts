// Work on one name at a time within this process, first come first served. Other names do not wait.

export class NameQueue {
  /** The last work on each name. A name is in here only while there is work on it. */
  readonly #last = new Map<string, Promise<unknown>>();

  /** How many names have work. */
  get size(): number {
    return this.#last.size;
  }

  /** Runs `work` after all earlier work on the name, however that ended. */
  async run<T>(name: string, work: () => Promise<T>): Promise<T> {
    const earlier = this.#last.get(name) ?? Promise.resolve();
    const own = earlier.then(work, work);
    this.#last.set(name, own);
    try {
      return await own;
    } finally {
      if (this.#last.get(name) === own) this.#last.delete(name);
    }
  }
}
