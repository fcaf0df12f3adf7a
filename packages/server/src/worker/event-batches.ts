// Writes the events of a run in batches: what comes while one write is under way gathers for the next. Each write carries
// the token that continues after its last event, so that a successor neither misses nor repeats one.
import type { BackgroundToken } from '@turnstream/core';
import type { ServerEvent } from '../events/wire.ts';

/** This many wait at most; who brings more waits for the database. */
export const MAX_GATHERED = 256;

export class EventBatches {
  readonly #record: (events: readonly ServerEvent[], token: BackgroundToken) => Promise<void>;
  #gathered: ServerEvent[] = [];
  #token: BackgroundToken | null = null;
  #writing: Promise<void> | null = null;
  #hasFailed = false;

  constructor(record: (events: readonly ServerEvent[], token: BackgroundToken) => Promise<void>) {
    this.#record = record;
  }

  /** Resolves when there is room for more. Rejects, as `settled()` does, when a write has failed, with its error. */
  async add(events: readonly ServerEvent[], token: BackgroundToken): Promise<void> {
    this.#gathered.push(...events);
    this.#token = token;
    if (this.#writing === null) {
      this.#writing = this.#write();
      this.#writing.catch(() => {
        this.#hasFailed = true;
      });
    }
    if (this.#hasFailed || this.#gathered.length >= MAX_GATHERED) await this.#writing;
  }

  /** Resolves when everything is written. */
  async settled(): Promise<void> {
    await this.#writing;
  }

  async #write(): Promise<void> {
    while (this.#token !== null) {
      const [events, token] = [this.#gathered, this.#token];
      this.#gathered = [];
      this.#token = null;
      await this.#record(events, token);
    }
    this.#writing = null;
  }
}
