// Tells the reader of a run what it brings, while it comes. Text that no token has passed yet, because it stands behind
// the call of a tool, waits until one has: a successor would be sent it again.
import type { AgentResponseUpdate, BackgroundToken } from '@turnstream/core';
import type { SentEvents } from '../events/sent-events.ts';
import type { EventBatches } from './event-batches.ts';

export class RunEventWriter {
  readonly #sent: SentEvents;
  readonly #batches: EventBatches;
  #token: BackgroundToken;

  constructor(sent: SentEvents, batches: EventBatches, token: BackgroundToken) {
    this.#sent = sent;
    this.#batches = batches;
    this.#token = token;
  }

  /** An update, and the token as it is after it. Resolves when there is room for more. */
  async update({ text, contents }: AgentResponseUpdate, token: BackgroundToken): Promise<void> {
    await this.moved(token);
    const events = [...(token === this.#token ? [] : this.#sent.text(text)), ...this.#sent.tools(contents)];
    this.#token = token;
    if (events.length > 0) await this.#batches.add(events, token);
  }

  /** A run that works on its next response says at once how to go on from there. */
  async moved(token: BackgroundToken): Promise<void> {
    if (token.responseId === this.#token.responseId) return;
    this.#token = token;
    await this.#batches.add(this.#sent.upTo(token.rounds), token);
  }
}
