// The responses of a background run, in order, with the updates of the tools that each requested.
import type { AgentResponseUpdate } from '../message/update.ts';

/** Those since the run was started or resumed here. */
export class ResponseTrail {
  readonly #responseIds: string[] = [];
  #updates: { readonly responseId: string | undefined; readonly update: AgentResponseUpdate }[] = [];

  begin(responseId: string): void {
    this.#responseIds.push(responseId);
  }

  /** The response that followed this one; null for the newest. One look can go through several. */
  after(responseId: string): string | null {
    return this.#responseIds[this.#responseIds.indexOf(responseId) + 1] ?? null;
  }

  /** Adds an update of a tool that the newest response requested. */
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
