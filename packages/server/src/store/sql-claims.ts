// What a worker does with a run, over any SQL database. Every write compares the number of the claim.
import { AgentError, type BackgroundToken } from '@turnstream/core';
import { aheadOf } from '@turnstream/core/seams';
import { isTerminal, type ServerEvent } from '../events/wire.ts';
import type { Database, RunSql, Transaction } from './database.ts';
import { decodeRun, encodeText, keyOf, RUN_COLUMNS, type RunRow } from './run-row.ts';
import { type Claim, ClaimLost, type RunEnd, type RunRecord, type RunTurn } from './run-store.ts';
import { textsOf } from './run-text.ts';

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

  constructor(database: Database) {
    this.database = database;
    this.runs = database.table('runs');
    this.runEvents = database.table('run_events');
  }

  async claim(runId: string): Promise<{ readonly claim: Claim; readonly run: RunRecord } | null> {
    const [row] = (await this.database.run(
      `UPDATE ${this.runs} SET claim_no = claim_no + 1, attempts = attempts + 1
       WHERE run_id = $1 AND end_event IS NULL RETURNING claim_no, attempts, ${RUN_COLUMNS}`,
      [runId],
    )) as readonly (RunRow & { claim_no: Count; attempts: Count })[];
    if (row === undefined) return null;
    const claim = { runId, claimNo: Number(row.claim_no), attempts: Number(row.attempts) };
    return { claim, run: await this.recordOf(this.database.run, row) };
  }

  record(claim: Claim, events: readonly ServerEvent[], token: BackgroundToken): Promise<void> {
    return this.database.transaction(async (transaction) => {
      const after = await this.#moveOn(transaction, claim, events.length, token);
      await this.store(transaction, claim.runId, after, events);
      await transaction.announce(claim.runId);
    });
  }

  async finish(claim: Claim, end: RunEnd): Promise<void> {
    for (let tries = 1; ; tries += 1) {
      try {
        return await this.database.transaction((transaction) => this.end(transaction, claim, end));
      } catch (error) {
        const isOvertaken = error instanceof AgentError && error.code === 'history_conflict';
        if (!isOvertaken || tries === FINISH_TRIES) throw error;
      }
    }
  }

  async release({ runId, claimNo }: Claim): Promise<void> {
    const released = await this.database.run(
      `UPDATE ${this.runs} SET claim_no = claim_no + 1, attempts = CASE WHEN attempts > 0 THEN attempts - 1 ELSE 0 END
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
    if (end.turn !== null) await appendTurn(transaction, run, end.turn);
    if (run.callbackUrl !== null) await transaction.push('callback', { runId, ownerKey: keyOf(run.owner) });
    await transaction.announce(runId);
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
    const open = rows.filter((row) => row.end_event === null).map((row) => row.run_id);
    const texts = await textsOf(run, this.runEvents, open);
    return rows.map((row) => decodeRun(row, texts.get(row.run_id)));
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
      attempts = CASE WHEN ${isNews} THEN 0 ELSE attempts END`;
    const values = [runId, claimNo, count, sequenceNumber, rest.responseId];
    const moved = await run(`${move} WHERE ${HELD} AND response_id = $5 RETURNING seq`, values);
    if (moved.length > 0) return lastBefore(moved, count);
    const token = JSON.stringify({ ...rest, sequenceNumber: null });
    const begun = await run(`${move}, response_id = $5, token = $6 WHERE ${HELD} RETURNING seq`, [...values, token]);
    if (begun.length === 0) throw claimLost(runId);
    return lastBefore(begun, count);
  }
}

/** Appends the turn to the history as it is now, unless the conversation was deleted or rewound in the meantime. */
async function appendTurn(
  { history, sessions, lock }: Transaction,
  { runId, owner, sessionId }: RunRecord,
  { messages, ahead }: RunTurn,
): Promise<void> {
  // So that only chats can come between the look and the append, and not other runs too.
  await lock(keyOf(sessionId));
  const session = await sessions.open(sessionId, { owner });
  if (session === null) return;
  const stored = await history.load(session, { lastTurns: 0 });
  if (aheadOf(stored) !== ahead)
    throw new AgentError('history_conflict', `The session of run ${runId} was rewound. Start a new run.`);
  await history.append(session, messages, stored.version);
}

function lastBefore(rows: readonly unknown[], count: number): number {
  const [row] = rows as readonly { seq: Count }[];
  return Number(row?.seq) - count;
}

function claimLost(runId: string): ClaimLost {
  return new ClaimLost(`Run ${runId} has ended, or another worker has it.`);
}
