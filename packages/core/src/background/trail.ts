// The responses a background run went through, in order, and what the tools that each requested did: for a reader of their streams.
import type { AgentResponseUpdate } from '../message/update.ts';

/** Those since the run was started or resumed here. */
export class Trail {
  readonly #responseIds: string[] = [];
  #updates: { readonly responseId: string | undefined; readonly update: AgentResponseUpdate }[] = [];

  begin(responseId: string): void {
    this.#responseIds.push(responseId);
  }

  /** The response that the run went on to from this one; null for the newest. One look can go through several. */
  after(responseId: string): string | null {
    return this.#responseIds[this.#responseIds.indexOf(responseId) + 1] ?? null;
  }

  /** Takes what a tool did that the newest response requested. */
  add(update: AgentResponseUpdate): void {
    this.#updates.push({ responseId: this.#responseIds.at(-1), update });
  }

  /** The updates of the tools that this response requested, unless they were taken already. */
  take(responseId: string): readonly AgentResponseUpdate[] {
    const { yes = [], no = [] } = Object.groupBy(this.#updates, (each) =>
      each.responseId === responseId ? 'yes' : 'no',
    );
    this.#updates = no;
    return yes.map(({ update }) => update);
  }
}
