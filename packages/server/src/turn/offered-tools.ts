// The tools that a run could call: the agent's, or what its middleware made of them for this run.
import type { Middleware, RunCall, Tool } from '@turnstream/core';
import type { ChatUpdate, SessionKey } from '@turnstream/core/seams';

export class OfferedTools implements Middleware {
  readonly #ofAgent: readonly Tool[];
  readonly #ofRun = new WeakMap<SessionKey, readonly Tool[]>();

  constructor(ofAgent: readonly Tool[]) {
    this.#ofAgent = ofAgent;
  }

  /** Has to be the innermost. */
  run(call: RunCall, next: (call?: RunCall) => AsyncIterable<ChatUpdate>): AsyncIterable<ChatUpdate> {
    if (call.session !== null) this.#ofRun.set(call.session, call.tools);
    return next(call);
  }

  /** Those of the latest run of this session object. */
  of(session: SessionKey): readonly Tool[] {
    return this.#ofRun.get(session) ?? this.#ofAgent;
  }
}
