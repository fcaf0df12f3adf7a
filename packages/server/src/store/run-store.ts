// Background runs as the server keeps them: the seam between its routes, its workers and a database.
import type { AgentSession, BackgroundToken, HistoryProvider, Message } from '@turnstream/core';
import type { SessionKey } from '@turnstream/core/seams';
import type { ServerEvent } from '../events/wire.ts';
import type { AnsweredCall, ApprovalAnswer, ApprovalBatch } from './approvals.ts';
import type { ListedSessions } from './database.ts';
import type { NewRun, NewSession } from './new-run.ts';
import type { RunPage, RunQuery } from './run-page.ts';
import type { RunRecord } from './run-record.ts';
import type { StateChange } from './state-changes.ts';
import type { Workers } from './workers.ts';

export type RunLook = Pick<RunRecord, 'isCancelRequested'>;

/** An event of a run. Numbers begin at 1 and have no gaps. */
export interface StoredEvent {
  readonly seq: number;
  readonly event: ServerEvent;
}

/**
 * The right to work on a run, until somebody else has claimed it. Every write of a worker names it, so that one who was
 * thought dead and wakes up late cannot overwrite what its successor did.
 */
export interface Claim {
  readonly runId: string;
  readonly claimNo: number;
  /**
   * How often the run was claimed without being given back since it last made progress, this claim included. More than a
   * few means that it kills its workers. New events are progress, and so is a new token.
   */
  readonly attempts: number;
}

/** Thrown by a write whose claim is no longer the run's. The worker stops without another word. */
export class ClaimLost extends Error {
  override readonly name = 'ClaimLost';
}

/** What a run adds to the history. */
export interface RunTurn {
  readonly messages: readonly Message[];
  /** How far the version of the history was ahead of its number of turns when the run last read it. */
  readonly ahead: number;
  /** What the run changed in the state of its session; nothing when left out. */
  readonly state?: StateChange;
}

/** What is stored with the turn of a chat. */
export interface TurnExtras {
  readonly owner: string;
  /** The calls of the turn that wait for approval; none when left out. */
  readonly approvals?: ApprovalBatch | null;
  /** What the turn changed in the state of its session; nothing when left out. */
  readonly state?: StateChange;
}

/** What a run leaves when it stops to ask for approval. */
export interface RunPark {
  /** Stored last: the rest of the text, then the `approval` events. */
  readonly events: readonly ServerEvent[];
  readonly turn: RunTurn;
  readonly approvals: ApprovalBatch;
}

/** How a run ended. */
export interface RunEnd {
  readonly state: 'completed' | 'incomplete' | 'failed' | 'cancelled';
  /** Stored last: the rest of the answer, then exactly one terminal event. */
  readonly events: readonly ServerEvent[];
  /** What the history gets; null for a run that leaves nothing. */
  readonly turn: RunTurn | null;
}

/**
 * Keeps runs, their events and what is still to be done for them. The owner is part of every query a route makes: a run
 * of someone else is answered like one that does not exist.
 */
export interface RunStore {
  /**
   * In one transaction: the run, its session when that is new, its first event and the job for a worker. The same key of
   * the same owner finds the run that is there, also when fifty ask at once; `idempotency_conflict` when that run is of
   * another message, session or callback. `overloaded` when the owner has `maxOpen` open runs.
   */
  create(run: NewRun): Promise<{ readonly run: RunRecord; readonly isNew: boolean }>;
  /**
   * Starts a session for chats, or finds the owner's session of that id, also when fifty ask at once. A new one may get
   * lost when the process dies within 100 ms, before its first turn is added. Rejects with
   * `too_many_sessions` for a new one of an owner who has `maxSessions`, and with `session_conflict` for an id that is
   * somebody else's.
   */
  createSession(session: NewSession): Promise<AgentSession>;
  get(runId: string, options: { readonly owner: string }): Promise<RunRecord | null>;
  /** The same as `get` without the run's text, for callers that poll. */
  look(runId: string, options: { readonly owner: string }): Promise<RunLook | null>;
  /** The owner's runs, newest first; of one session when that is given. */
  list(
    owner: string,
    options: { readonly limit: number; readonly sessionId?: string | undefined },
  ): Promise<readonly RunRecord[]>;
  /** The owner's runs that match, last changed first, a page at a time. */
  page(owner: string, query: RunQuery): Promise<RunPage>;
  /** What happened after the event number `after` (0 for all), at most `limit` events. */
  events(runId: string, options: { readonly after: number; readonly limit: number }): Promise<readonly StoredEvent[]>;
  /**
   * Asks for the end of a run. One that no worker has claimed yet, or that waits for approval, is `cancelled` at once; a
   * worker hears of it by `changed`. The record as it then is; null when the owner has no such run.
   */
  requestCancel(runId: string, options: { readonly owner: string }): Promise<RunRecord | null>;
  /**
   * Deletes a session of the owner in one transaction: the session, its turns, its calls that wait for approval and its
   * runs, whose workers lose their claims.
   */
  forgetSession(sessionId: string, options: { readonly owner: string }): Promise<void>;
  /**
   * Adds the turn of a chat as the history's `append` does. The same transaction checks that the session exists, and stores
   * the changed state and the calls of the turn that wait for approval. Calls that waited before are given up; a run that
   * waited with them is `failed` with `approval_expired`. Rejects with `not_found` when the session has been
   * deleted, in this process or another.
   */
  appendTurn(
    session: SessionKey,
    extras: TurnExtras,
    turn: readonly Message[],
    version: number,
  ): Promise<{ version: number }>;
  /**
   * Takes turns back as the history's `truncate` does, in one transaction with the same check. Calls that wait are given
   * up as by `appendTurn`. Rejects as `truncate` does, and with `not_found`.
   */
  truncateTurns(
    session: SessionKey,
    options: { readonly owner: string },
    turnCount: number,
    version: number,
  ): Promise<{ version: number }>;
  /** The calls of the session's last chat answer that wait for approval; null when there are none or they have expired. */
  approvals(sessionId: string, options: { readonly owner: string }): Promise<ApprovalBatch | null>;
  /**
   * Takes the calls that a chat of the session waits with, once, however many answer at the same time. Rejects with
   * `input_invalid` for answers that do not match them, call for call and argument for argument: then they still wait;
   * and with `approval_expired` when none wait.
   */
  takeApprovals(
    sessionId: string,
    options: { readonly owner: string },
    answers: readonly ApprovalAnswer[],
  ): Promise<readonly AnsweredCall[]>;
  /**
   * The same for a run that waits, in one transaction with its new state, `queued`, and the job for a worker. The record
   * as it then is; null when the owner has no such run.
   */
  answerRun(
    runId: string,
    options: { readonly owner: string },
    answers: readonly ApprovalAnswer[],
  ): Promise<RunRecord | null>;
  /** Gives up calls whose time to be approved is over. Runs that waited with them end `failed`, with `approval_expired`. */
  expireApprovals(): Promise<void>;
  /**
   * Deletes sessions whose last turn was too long ago, as `forgetSession` does. A session that has an open run, or got a
   * turn in the meantime, stays.
   */
  forgetExpired(): Promise<void>;
  /** Forgets one run of the owner that has ended. False when there is none. */
  forgetRun(runId: string, options: { readonly owner: string }): Promise<boolean>;
  /** Forgets runs that ended before the time. */
  forgetEnded(beforeMs: number): Promise<void>;
  /** Notes a webhook of the model's service; true when it was noted before. Ids are kept for at least a day. */
  seenWebhook(webhookId: string): Promise<boolean>;
  /** Wakes the waiters for the run of this service response; none for an unknown one. */
  wake(responseId: string): Promise<void>;
  /**
   * Resolves when something of the run may have changed, in this process or another, and after `timeoutMs` in any case.
   * Rejects with the signal's reason. To be called before the look that it follows, or a change in between is missed only
   * until the time is up.
   */
  changed(runId: string, options: { readonly timeoutMs: number; readonly signal: AbortSignal }): Promise<void>;

  /** The run for a worker, for any owner. */
  load(runId: string): Promise<RunRecord | null>;
  /**
   * Takes the run, from its previous worker if there is one. Null when there is none, it has ended, or it waits for
   * approval.
   */
  claim(runId: string): Promise<{ readonly claim: Claim; readonly run: RunRecord } | null>;
  /**
   * Adds events and advances the token, atomically. Rejects with `ClaimLost`. The number of bytes written does not depend
   * on the length of the answer so far.
   */
  record(claim: Claim, events: readonly ServerEvent[], token: BackgroundToken): Promise<void>;
  /**
   * In one transaction: the state, the last events, the turn in the history and the job for the callback. Rejects with
   * `ClaimLost`, and with `history_conflict` for a turn whose session was rewound; then nothing of it is stored.
   */
  finish(claim: Claim, end: RunEnd): Promise<void>;
  /**
   * In one transaction: the state `awaiting_approval`, the events, the turn in the history, the calls that wait and the job
   * for the callback. The claim is over. A run with a cancel request ends instead. Rejects as `finish` does, and with
   * `not_found` when the session is gone.
   */
  park(claim: Claim, park: RunPark): Promise<void>;
  /**
   * Notes that a worker is about to act on an approval: from here on no other worker may, whatever becomes of this one.
   * Rejects with `ClaimLost`.
   */
  useConsent(claim: Claim): Promise<void>;
  /** Gives the run back unfinished, because the server stops: it does not count as an attempt. */
  release(claim: Claim): Promise<void>;
  /**
   * Delivers jobs to the workers until it is disposed, which waits for those under way. Owners take turns. An owner who
   * already has as many jobs under way as there are free slots gets no more: a single owner gets at most half of the
   * slots, rounded up.
   */
  work(workers: Workers): Promise<AsyncDisposable>;
}

/** All that the server keeps. */
export interface ServerStore {
  readonly history: HistoryProvider;
  readonly sessions: ListedSessions;
  readonly runs: RunStore;
  /** Rejects when the database does not answer. */
  ready(): Promise<void>;
}
