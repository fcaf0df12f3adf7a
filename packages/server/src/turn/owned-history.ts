// The history of chats: a turn is added or taken back only while its session exists, whichever process may delete it, and
// together with what becomes of calls that wait to be approved.
import type { LoadedHistory, Message } from '@turnstream/core';
import type { LoadOptions, SessionKey } from '@turnstream/core/seams';
import type { ApprovalBatch } from '../store/approvals.ts';
import { HistoryOver } from '../store/history-over.ts';
import type { ServerStore } from '../store/run-store.ts';
import { StateChanges, type StateLog } from '../store/state-changes.ts';
import { cannotApprove } from './approvals.ts';

/** The calls that a turn leaves to be approved; null for none. */
export type ApprovalsIn = (turn: readonly Message[], session: SessionKey) => ApprovalBatch | null;

export class OwnedHistory extends HistoryOver {
  readonly #runs: ServerStore['runs'];
  readonly #approvalsIn: ApprovalsIn;
  readonly #owners = new WeakMap<SessionKey, string>();
  readonly #unasked = new WeakSet<SessionKey>();
  readonly #approvals = new WeakMap<SessionKey, ApprovalBatch>();
  readonly #states: StateChanges;

  constructor({ history, runs }: ServerStore, approvalsIn: ApprovalsIn, log: StateLog) {
    super(history);
    this.#runs = runs;
    this.#approvalsIn = approvalsIn;
    this.#states = new StateChanges(log);
  }

  /** Must be called for a session before a turn is added to it or taken back. */
  ownedBy(session: SessionKey, owner: string): void {
    this.#owners.set(session, owner);
  }

  /** For a protocol that cannot ask: a turn of this session object that leaves calls to be approved is not added. */
  refuseApprovals(session: SessionKey): void {
    this.#unasked.add(session);
  }

  /** The calls that wait since the last turn that was added for this session object. */
  approvals(session: SessionKey): ApprovalBatch | null {
    return this.#approvals.get(session) ?? null;
  }

  override load(session: SessionKey, options?: LoadOptions): Promise<LoadedHistory> {
    this.#states.watch(session);
    return super.load(session, options);
  }

  override truncate(session: SessionKey, turnCount: number, version: number): Promise<{ version: number }> {
    return this.#runs.truncateTurns(session, { owner: this.#ownerOf(session) }, turnCount, version);
  }

  override async append(session: SessionKey, turn: readonly Message[], version: number): Promise<{ version: number }> {
    const owner = this.#ownerOf(session);
    const approvals = this.#approvalsIn(turn, session);
    if (approvals !== null && this.#unasked.has(session)) throw cannotApprove();
    const state = this.#states.of(session);
    const appended = await this.#runs.appendTurn(session, { owner, approvals, state }, turn, version);
    if (approvals !== null) this.#approvals.set(session, approvals);
    return appended;
  }

  #ownerOf(session: SessionKey): string {
    const owner = this.#owners.get(session);
    if (owner !== undefined) return owner;
    throw new TypeError(`Session ${session.sessionId} has no owner. Call ownedBy() before its turns are changed.`);
  }
}
