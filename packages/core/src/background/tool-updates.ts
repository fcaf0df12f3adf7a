// What the tools of a background run did, for a reader of the stream of the response that requested them.
import type { AgentResponseUpdate } from '../message/update.ts';

export class ToolUpdates {
  #updates: { readonly responseId: string | undefined; readonly update: AgentResponseUpdate }[] = [];

  add(responseId: string | undefined, update: AgentResponseUpdate): void {
    this.#updates.push({ responseId, update });
  }

  /** The updates of the tools that this response asked for, unless they were taken already. */
  take(responseId: string): readonly AgentResponseUpdate[] {
    const { yes = [], no = [] } = Object.groupBy(this.#updates, (each) =>
      each.responseId === responseId ? 'yes' : 'no',
    );
    this.#updates = no;
    return yes.map(({ update }) => update);
  }
}
