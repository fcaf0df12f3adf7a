// Calls that wait for approval, as routes ask for them, over any SQL database. The owner is part of every query.
import { AgentError, type Message } from '@turnstream/core';
import type { SessionKey } from '@turnstream/core/seams';
import { answerBatch, type BatchRow, decodeBatch, insertBatch } from './approval-rows.ts';
import type { AnsweredCall, ApprovalAnswer, ApprovalBatch } from './approvals.ts';
import { sessionLock, type Transaction } from './database.ts';
import { UNAPPROVED, unapproved } from './run-ends.ts';
import type { RunRecord } from './run-record.ts';
import { keyOf, RUN_COLUMNS, type RunRow } from './run-row.ts';
import type { TurnExtras } from './run-store.ts';
import { SqlClaims } from './sql-claims.ts';
import type { StateChange } from './state-changes.ts';

/** How many expired batches are read at a time. */
const PAGE = 100;

interface Owned {
  readonly owner: string;
}

export class SqlApprovals extends SqlClaims {
  appendTurn(
    session: SessionKey,
    { owner, approvals = null, state }: TurnExtras,
    turn: readonly Message[],
    version: number,
  ): Promise<{ version: number }> {
    const keys = { sessionKey: keyOf(session.sessionId), ownerKey: keyOf(owner), runId: null };
    const change = async (transaction: Transaction): Promise<{ version: number }> => {
      const appended = await transaction.history.append(session, turn, version);
      await this.giveUpWaiting(transaction, keys.sessionKey);
      if (approvals !== null) await insertBatch(transaction.run, this.waiting, keys, approvals);
      return appended;
    };
    return this.#change(session, owner, change, state);
  }

  truncateTurns(
    session: SessionKey,
    { owner }: Owned,
    turnCount: number,
    version: number,
  ): Promise<{ version: number }> {
    return this.#change(session, owner, async (transaction) => {
      const truncated = await transaction.history.truncate(session, turnCount, version);
      await this.giveUpWaiting(transaction, keyOf(session.sessionId));
      return truncated;
    });
  }

  /** Changes the turns of a session that is there and the owner's, which then expires later. */
  #change<T>(
    { sessionId }: SessionKey,
    owner: string,
    change: (transaction: Transaction) => Promise<T>,
    state?: StateChange,
  ): Promise<T> {
    return this.database.transaction(async (transaction) => {
      await transaction.lock(sessionLock(keyOf(sessionId)));
      if ((await transaction.sessions.open(sessionId, { owner })) === null)
        throw new AgentError('not_found', 'The session was deleted while this turn was being answered.');
      const changed = await change(transaction);
      await this.expiry.renew(transaction, { sessionId, owner }, state);
      return changed;
    });
  }

  async approvals(sessionId: string, { owner }: Owned): Promise<ApprovalBatch | null> {
    const [row] = (await this.database.run(
      `SELECT calls, expires_at_ms FROM ${this.waiting}
       WHERE session_key = $1 AND owner_key = $2 AND run_id IS NULL AND expires_at_ms > $3`,
      [keyOf(sessionId), keyOf(owner), Date.now()],
    )) as readonly BatchRow[];
    return row === undefined ? null : decodeBatch(row);
  }

  takeApprovals(
    sessionId: string,
    { owner }: Owned,
    answers: readonly ApprovalAnswer[],
  ): Promise<readonly AnsweredCall[]> {
    const sessionKey = keyOf(sessionId);
    return this.database.transaction(async ({ run, lock }) => {
      await lock(sessionLock(sessionKey));
      const [row] = (await run(
        `SELECT run_id, calls, expires_at_ms FROM ${this.waiting} WHERE session_key = $1 AND owner_key = $2`,
        [sessionKey, keyOf(owner)],
      )) as readonly (BatchRow & { run_id: string | null })[];
      if (row?.run_id != null) {
        throw new AgentError(
          'input_invalid',
          `These calls are of a background run. Answer at POST /runs/${row.run_id}/approvals.`,
        );
      }
      const answered = answerBatch(row, answers);
      await run(`DELETE FROM ${this.waiting} WHERE session_key = $1`, [sessionKey]);
      return answered;
    });
  }

  answerRun(runId: string, { owner }: Owned, answers: readonly ApprovalAnswer[]): Promise<RunRecord | null> {
    const ownerKey = keyOf(owner);
    return this.inSessionOf(runId, async (transaction) => {
      const { run } = transaction;
      const own = await run(`SELECT run_id FROM ${this.runs} WHERE run_id = $1 AND owner_key = $2`, [runId, ownerKey]);
      if (own.length === 0) return null;
      const [batch] = (await run(`SELECT calls, expires_at_ms FROM ${this.waiting} WHERE run_id = $1`, [
        runId,
      ])) as readonly BatchRow[];
      const answered = JSON.stringify(answerBatch(batch, answers));
      await run(`DELETE FROM ${this.waiting} WHERE run_id = $1`, [runId]);
      const [row] = (await run(
        `UPDATE ${this.runs} SET state = 'queued', answers = $2, answered_at_ms = $3
         WHERE run_id = $1 RETURNING ${RUN_COLUMNS}`,
        [runId, answered, Date.now()],
      )) as readonly [RunRow];
      await transaction.push('run', { runId, ownerKey });
      await transaction.announce(runId);
      return this.recordOf(run, row);
    });
  }

  async expireApprovals(): Promise<void> {
    const nowMs = Date.now();
    for (let isWhole = false; !isWhole; ) {
      const expired = (await this.database.run(
        `SELECT session_key FROM ${this.waiting} WHERE expires_at_ms <= $1 ORDER BY expires_at_ms LIMIT $2`,
        [nowMs, PAGE],
      )) as readonly { session_key: string }[];
      for (const { session_key: key } of expired) await this.#expire(key, nowMs);
      isWhole = expired.length < PAGE;
    }
  }

  #expire(sessionKey: string, nowMs: number): Promise<void> {
    return this.database.transaction(async (transaction) => {
      await transaction.lock(sessionLock(sessionKey));
      const [batch] = (await transaction.run(
        `DELETE FROM ${this.waiting} WHERE session_key = $1 AND expires_at_ms <= $2 RETURNING run_id`,
        [sessionKey, nowMs],
      )) as readonly { run_id: string | null }[];
      if (batch?.run_id != null) await this.endParked(transaction, batch.run_id, unapproved(UNAPPROVED.late));
    });
  }
}
