// The history of one background run: reads what is stored and holds the turn, which is stored with the run's end.
import type { HistoryProvider, LoadedHistory, Message } from '@turnstream/core';
import { aheadOf, type LoadOptions, type SessionKey } from '@turnstream/core/seams';
import { HistoryOver } from '../store/history-over.ts';
import type { RunTurn } from '../store/run-store.ts';
import { StateChanges, type StateLog } from '../store/state-changes.ts';

export class StagedHistory extends HistoryOver {
  readonly #states: StateChanges;
  #turn: RunTurn | null = null;
  #ahead = 0;

  constructor(history: HistoryProvider, log: StateLog) {
    super(history);
    this.#states = new StateChanges(log);
  }

  override async load(session: SessionKey, options?: LoadOptions): Promise<LoadedHistory> {
    this.#states.watch(session);
    const loaded = await super.load(session, options);
    this.#ahead = aheadOf(loaded);
    return loaded;
  }

  /** The version does not count: the turn is appended to whatever is stored by then. */
  override async append(session: SessionKey, turn: readonly Message[], version: number): Promise<{ version: number }> {
    this.#turn = { messages: turn, ahead: this.#ahead, state: this.#states.of(session) };
    return { version: version + 1 };
  }

  /** The turn of the run, only once: if it cannot be stored, the failure must still be. Null if there is none. */
  takeTurn(): RunTurn | null {
    const turn = this.#turn;
    this.#turn = null;
    return turn;
  }
}
