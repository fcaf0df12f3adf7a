// The history of chats: a turn is added only while its session exists, whichever process may delete it.
import type { Message } from '@turnstream/core';
import type { SessionKey } from '@turnstream/core/seams';
import { HistoryOver } from '../store/history-over.ts';
import type { ServerStore } from '../store/run-store.ts';

export class OwnedHistory extends HistoryOver {
  readonly #runs: ServerStore['runs'];
  readonly #owners = new WeakMap<SessionKey, string>();

  constructor({ history, runs }: ServerStore) {
    super(history);
    this.#runs = runs;
  }

  /** Must be called for a session before a turn is added to it. */
  ownedBy(session: SessionKey, owner: string): void {
    this.#owners.set(session, owner);
  }

  override async append(session: SessionKey, turn: readonly Message[], version: number): Promise<{ version: number }> {
    const owner = this.#owners.get(session);
    if (owner === undefined)
      throw new TypeError(`Session ${session.sessionId} has no owner. Call ownedBy() before append().`);
    return this.#runs.appendTurn(session, { owner }, turn, version);
  }
}
