// How many answers are under way at once, for each user and in all.
import { AgentError } from '@turnstream/core';

const RETRY_AFTER_MS = 2_000;

export class Slots {
  readonly #perOwner: number;
  readonly #inAll: number;
  readonly #taken = new Map<string, number>();
  #all = 0;

  constructor(ceilings: { readonly streamsPerUser: number; readonly streams: number }) {
    this.#perOwner = ceilings.streamsPerUser;
    this.#inAll = ceilings.streams;
  }

  /** Takes one and returns what gives it back. Throws `rate_limited` or `overloaded` when there is none. */
  take(owner: string): () => void {
    const own = this.#taken.get(owner) ?? 0;
    if (own >= this.#perOwner) {
      throw new AgentError('rate_limited', `You already have ${own} answers in progress, the maximum.`, {
        retryAfterMs: RETRY_AFTER_MS,
      });
    }
    if (this.#all >= this.#inAll) {
      throw new AgentError('overloaded', 'The server is at capacity. Ask again soon.', {
        retryAfterMs: RETRY_AFTER_MS,
      });
    }
    this.#taken.set(owner, own + 1);
    this.#all += 1;
    return () => this.#giveBack(owner);
  }

  #giveBack(owner: string): void {
    const rest = (this.#taken.get(owner) ?? 1) - 1;
    if (rest > 0) this.#taken.set(owner, rest);
    else this.#taken.delete(owner);
    this.#all -= 1;
  }
}
