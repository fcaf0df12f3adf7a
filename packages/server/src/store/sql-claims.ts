// What a worker does with a run, over any SQL database. Every write compares the number of the claim.
import { AgentError, type BackgroundToken } from '@turnstream/core';
import { aheadOf } from '@turnstream/core/seams';
import { isTerminal, type ServerEvent } from '../events/wire.ts';
import { batchesOf, insertBatch } from './approval-rows.ts';
import { type Database, type RunSql, sessionLock, type Transaction } from './database.ts';
import { CANCELLED, UNAPPROVED, unapproved } from './run-ends.ts';
import type { RunRecord } from './run-record.ts';
import { decodeRun, encodeText, keyOf, RUN_COLUMNS, type RunRow } from './run-row.ts';
import { type Claim, ClaimLost, type RunEnd, type RunPark, type RunTurn } from './run-store.ts';
import { textsOf } from './run-text.ts';
import { SessionExpiry } from './session-expiry.ts';

/** How often a turn is tried when chats of the same session are quicker. */
const FINISH_TRIES = 5;

/** A claim, or the state before the first one, which is number 0. */
type Holder = Pick<Claim, 'runId' | 'claimNo'>;

type Count = number | bigint;

/** Takes the run id and the claim number as the first two parameters. */
const HELD = 'run_id = $1 AND claim_no = $2 AND end_event IS NULL';

export class SqlClaims {
  protected readonly database: Database;
  protected readonly runs: string;
  protected readonly runEvents: string;
  protected readonly waiting: string;

  protected readonly expiry: SessionExpiry;

  constructor(database: Database, keepSessionsMs: number | null) {
    this.database = database;
    this.runs = database.table('runs');
    this.expiry = new SessionExpiry(this.runs, keepSessionsMs);
    this.runEvents = database.table('run_events');
    this.waiting = database.table('approvals');
  }

  async claim(runId: string): Promise<{ readonly claim: Claim; readonly run: RunRecord } | null> {
    const [row] = (await this.database.run(
      `UPDATE ${this.runs} SET claim_no = claim_no + 1, idle_attempts = idle_attempts + 1
       WHERE run_id = $1 AND end_event IS NULL AND state <> 'awaiting_approval'
       RETURNING claim_no, idle_attempts, ${RUN_COLUMNS}`,
      [runId],
    )) as readonly (RunRow & { claim_no: Count; idle_attempts: Count })[];
    if (row === undefined) return null;
    const claim = { runId, claimNo: Number(row.claim_no), attempts: Number(row.idle_attempts) };
    return { claim, run: await this.recordOf(this.database.run, row) };
  }

  record(claim: Claim, events: readonly ServerEvent[], token: BackgroundToken): Promise<void> {
    return this.database.transaction(async (transaction) => {
      const after = await this.#moveOn(transaction, claim, events.length, token);
      await this.store(transaction, claim.runId, after, events);
      await transaction.announce(claim.runId);
    });
  }

  finish(claim: Claim, end: RunEnd): Promise<void> {
    return this.#addingTurn(claim, (transaction) => this.end(transaction, claim, end));
  }

  park(claim: Claim, park: RunPark): Promise<void> {
    return this.#addingTurn(claim, (transaction) => this.#park(transaction, claim, park));
  }

  async useConsent({ runId, claimNo }: Claim): Promise<void> {
    const used = await this.database.run(
      `UPDATE ${this.runs} SET answers = '[]' WHERE ${HELD} AND answers <> '[]' RETURNING run_id`,
      [runId, claimNo],
    );
    if (used.length === 0) throw claimLost(runId);
  }

  async release({ runId, claimNo }: Claim): Promise<void> {
    const released = await this.database.run(
      `UPDATE ${this.runs} SET claim_no = claim_no + 1, 
         idle_attempts = CASE WHEN idle_attempts > 0 THEN idle_attempts - 1 ELSE 0 END
       WHERE ${HELD} RETURNING run_id`,
      [runId, claimNo],
    );
    if (released.length === 0) throw claimLost(runId);
  }

  /** Ends the run within a transaction. */
  protected async end(transaction: Transaction, { runId, claimNo }: Holder, end: RunEnd): Promise<void> {
    const last = end.events.at(-1);
    if (last === undefined || !isTerminal(last))
      throw new TypeError(`The last event of run ${runId} is not a terminal one.`);
    const [row] = (await transaction.run(
      `UPDATE ${this.runs} SET state = $3, seq = seq + $4, end_event = $5, ended_at_ms = $6
       WHERE ${HELD} RETURNING seq, ${RUN_COLUMNS}`,
      [runId, claimNo, end.state, end.events.length, JSON.stringify(last), Date.now()],
    )) as readonly (RunRow & { seq: Count })[];
    if (row === undefined) throw claimLost(runId);
    await this.store(transaction, runId, Number(row.seq) - end.events.length, end.events);
    const text = (await textsOf(transaction.run, this.runEvents, [runId])).get(runId) ?? '';
    await transaction.run(`UPDATE ${this.runs} SET final_answer = $2 WHERE run_id = $1`, [runId, encodeText(text)]);
    const run = decodeRun(row);
    if (end.turn !== null) await this.#append(transaction, run, end.turn);
    await this.expiry.renew(transaction, run, end.turn?.state);
    if (run.callbackUrl !== null) await transaction.push('callback', { runId, ownerKey: keyOf(run.owner) });
    await transaction.announce(runId);
  }

  /**
   * A transaction in which nobody else adds a turn to the run's session, deletes it, or decides about its calls that wait.
   * The lock comes first: these all lock several rows, in different orders.
   */
  protected inSessionOf<T>(runId: string, work: (transaction: Transaction) => Promise<T>): Promise<T> {
    return this.database.transaction(async (transaction) => {
      const [run] = (await transaction.run(`SELECT session_key FROM ${this.runs} WHERE run_id = $1`, [
        runId,
      ])) as readonly { session_key: string }[];
      if (run !== undefined) await transaction.lock(sessionLock(run.session_key));
      return work(transaction);
    });
  }

  /** Gives up the calls that wait in a session, because something else was said. A run that waits with them ends. */
  protected async giveUpWaiting(transaction: Transaction, sessionKey: string): Promise<void> {
    const [batch] = (await transaction.run(`DELETE FROM ${this.waiting} WHERE session_key = $1 RETURNING run_id`, [
      sessionKey,
    ])) as readonly { run_id: string | null }[];
    if (batch?.run_id != null) await this.endParked(transaction, batch.run_id, unapproved(UNAPPROVED.superseded));
  }

  /** Ends a run that waits for approval. The caller has the lock of its session, and has removed what it waits with. */
  protected async endParked(transaction: Transaction, runId: string, end: RunEnd): Promise<void> {
    const [run] = (await transaction.run(
      `SELECT claim_no FROM ${this.runs} WHERE run_id = $1 AND state = 'awaiting_approval'`,
      [runId],
    )) as readonly { claim_no: Count }[];
    if (run !== undefined) await this.end(transaction, { runId, claimNo: Number(run.claim_no) }, end);
  }

  /** Adds events, numbered from `after` + 1, within a transaction that has already counted them. */
  protected async store(
    { run }: Transaction,
    runId: string,
    after: number,
    events: readonly ServerEvent[],
  ): Promise<void> {
    if (events.length === 0) return;
    const rows = events.map((_, index) => `($1, $2 + ${index + 1}, $${index + 3})`);
    const payloads = events.map((event) => JSON.stringify(event));
    await run(`INSERT INTO ${this.runEvents} (run_id, seq, payload) VALUES ${rows.join(', ')}`, [
      runId,
      after,
      ...payloads,
    ]);
  }

  /** Includes the text so far of an open run. */
  protected async recordOf(run: RunSql, row: RunRow): Promise<RunRecord> {
    const [record] = await this.recordsOf(run, [row]);
    return record ?? decodeRun(row);
  }

  protected async recordsOf(run: RunSql, rows: readonly RunRow[]): Promise<readonly RunRecord[]> {
    const open = rows.filter((row) => row.end_event === null);
    const parked = open.filter((row) => row.state === 'awaiting_approval');
    const texts = await textsOf(run, this.runEvents, open.map(idOf));
    const batches = await batchesOf(run, this.waiting, parked.map(idOf));
    return rows.map((row) => decodeRun(row, texts.get(row.run_id), batches.get(row.run_id)));
  }

  /** Tries again when chats of the same session are quicker. */
  async #addingTurn({ runId }: Claim, work: (transaction: Transaction) => Promise<void>): Promise<void> {
    for (let tries = 1; ; tries += 1) {
      try {
        return await this.inSessionOf(runId, work);
      } catch (error) {
        const isOvertaken = error instanceof AgentError && error.code === 'history_conflict';
        if (!isOvertaken || tries === FINISH_TRIES) throw error;
      }
    }
  }

  async #park(transaction: Transaction, claim: Claim, { events, turn, approvals }: RunPark): Promise<void> {
    const { runId, claimNo } = claim;
    const [row] = (await transaction.run(
      `UPDATE ${this.runs} SET state = 'awaiting_approval', seq = seq + $3, asked_at_ms = $4, claim_no = claim_no + 1,
         idle_attempts = 0, token = NULL, sequence_number = NULL, response_id = NULL, answers = NULL
       WHERE ${HELD} AND cancel_requested = 0 RETURNING seq, ${RUN_COLUMNS}`,
      [runId, claimNo, events.length, Date.now()],
    )) as readonly (RunRow & { seq: Count })[];
    if (row === undefined) return this.end(transaction, claim, CANCELLED);
    await this.store(transaction, runId, Number(row.seq) - events.length, events);
    const run = decodeRun(row);
    if (!(await this.#append(transaction, run, turn)))
      throw new AgentError('not_found', `The session of run ${runId} was deleted.`);
    await this.expiry.renew(transaction, run, turn.state);
    const [sessionKey, ownerKey] = [keyOf(run.sessionId), keyOf(run.owner)];
    await insertBatch(transaction.run, this.waiting, { sessionKey, ownerKey, runId }, approvals);
    if (run.callbackUrl !== null) await transaction.push('callback', { runId, ownerKey });
    await transaction.announce(runId);
  }

  /** Appends the turn to the history as it is now, unless the conversation was rewound. False when it was deleted. */
  async #append(transaction: Transaction, run: RunRecord, { messages, ahead }: RunTurn): Promise<boolean> {
    const { history, sessions } = transaction;
    const { runId, owner, sessionId } = run;
    const session = await sessions.open(sessionId, { owner });
    if (session === null) return false;
    const stored = await history.load(session, { lastTurns: 0 });
    if (aheadOf(stored) !== ahead)
      throw new AgentError('history_conflict', `The session of run ${runId} was rewound. Start a new run.`);
    await history.append(session, messages, stored.version);
    await this.giveUpWaiting(transaction, keyOf(sessionId));
    return true;
  }

  /**
   * Counts the events, advances the token and returns the last event number before them. What is written does not grow
   * with the run: the whole token is written only for a new response; until then only its sequence number changes.
   */
  async #moveOn(
    { run }: Transaction,
    { runId, claimNo }: Claim,
    count: number,
    { sequenceNumber, ...rest }: BackgroundToken,
  ): Promise<number> {
    const isNews = count > 0 ? '1 = 1' : 'response_id IS DISTINCT FROM $5 OR sequence_number IS DISTINCT FROM $4';
    const move = `UPDATE ${this.runs} SET state = 'in_progress', seq = seq + $3, sequence_number = $4,
      idle_attempts = CASE WHEN ${isNews} THEN 0 ELSE idle_attempts END`;
    const values = [runId, claimNo, count, sequenceNumber, rest.responseId];
    const moved = await run(`${move} WHERE ${HELD} AND response_id = $5 RETURNING seq`, values);
    if (moved.length > 0) return lastBefore(moved, count);
    const token = JSON.stringify({ ...rest, sequenceNumber: null });
    const begun = await run(`${move}, response_id = $5, token = $6 WHERE ${HELD} RETURNING seq`, [...values, token]);
    if (begun.length === 0) throw claimLost(runId);
    return lastBefore(begun, count);
  }
}

function idOf({ run_id }: RunRow): string {
  return run_id;
}

function lastBefore(rows: readonly unknown[], count: number): number {
  const [row] = rows as readonly { seq: Count }[];
  return Number(row?.seq) - count;
}

function claimLost(runId: string): ClaimLost {
  return new ClaimLost(`Run ${runId} has ended, or another worker has it.`);
}
