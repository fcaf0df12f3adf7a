// Tells the reader of a run what it brings, while it comes. Text that no token has passed yet, because it comes after the
// call of a tool, waits until one has: a successor would be sent it again.
import type { AgentResponseUpdate, BackgroundRun } from '@turnstream/core';
import type { SentEvents } from '../events/sent-events.ts';
import type { EventBatches } from './event-batches.ts';

export class RunEventWriter {
  readonly #sent: SentEvents;
  readonly #batches: EventBatches;
  readonly #run: BackgroundRun;
  /** The response whose events are written, and the last of them that the token has passed. */
  #responseId: string;
  #sequenceNumber: number | null;

  constructor(sent: SentEvents, batches: EventBatches, run: BackgroundRun) {
    this.#sent = sent;
    this.#batches = batches;
    this.#run = run;
    this.#responseId = run.id;
    this.#sequenceNumber = run.sequenceNumber;
  }

  /** An update that the run just brought. Resolves when there is room for more. */
  async update({ text, contents }: AgentResponseUpdate): Promise<void> {
    const { sequenceNumber } = this.#run;
    const token = this.#run.toJSON();
    await this.moved();
    const isPassed = sequenceNumber !== this.#sequenceNumber;
    const events = [...(isPassed ? this.#sent.text(text) : []), ...this.#sent.tools(contents)];
    this.#sequenceNumber = sequenceNumber;
    if (events.length > 0) await this.#batches.add(events, token);
  }

  /** A run that starts its next response stores at once how to continue it. */
  async moved(): Promise<void> {
    const { id, sequenceNumber, messages } = this.#run;
    if (id === this.#responseId) return;
    this.#responseId = id;
    this.#sequenceNumber = sequenceNumber;
    await this.#batches.add(this.#sent.upTo(messages), this.#run.toJSON());
  }
}
