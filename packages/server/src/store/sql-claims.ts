// What a worker does with a run, over any SQL database. Every write compares the number of the claim.
import { AgentError, type BackgroundToken } from '@turnstream/core';
import { aheadOf } from '@turnstream/core/seams';
import { isTerminal, type RunState, type ServerEvent } from '../events/wire.ts';
import type { Database, Transaction } from './database.ts';
import { decodeRun, growthOf, keyOf, RUN_COLUMNS, type RunRow } from './run-row.ts';
import { type Claim, ClaimLost, type RunEnd, type RunRecord, type RunTurn } from './run-store.ts';

/** How often a turn is tried when chats of the same session are quicker. */
const FINISH_TRIES = 5;

/** A claim, or the state before the first one, which is number 0. */
type Holder = Pick<Claim, 'runId' | 'claimNo'>;

type Count = number | bigint;

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
    return { claim: { runId, claimNo: Number(row.claim_no), attempts: Number(row.attempts) }, run: decodeRun(row) };
  }

  record(claim: Claim, events: readonly ServerEvent[], token: BackgroundToken): Promise<void> {
    return this.database.transaction(async (transaction) => {
      await this.add(transaction, claim, events, { state: 'in_progress', token });
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
      `UPDATE ${this.runs} SET claim_no = claim_no + 1, attempts = attempts - 1
       WHERE run_id = $1 AND claim_no = $2 AND end_event IS NULL RETURNING run_id`,
      [runId, claimNo],
    );
    if (released.length === 0) throw claimLost(runId);
  }

  /** Ends the run within a transaction. */
  protected async end(transaction: Transaction, holder: Holder, { state, events, turn }: RunEnd): Promise<void> {
    const { runId } = holder;
    const last = events.at(-1);
    if (last === undefined || !isTerminal(last))
      throw new TypeError(`The last event of run ${runId} is not a terminal one.`);
    const run = await this.add(transaction, holder, events, { state });
    if (turn !== null) await appendTurn(transaction, run, turn);
    if (run.callbackUrl !== null) await transaction.push('callback', runId);
    await transaction.announce(runId);
  }

  /** Adds events to an open run and moves it on, within a transaction. */
  protected async add(
    transaction: Transaction,
    { runId, claimNo }: Holder,
    events: readonly ServerEvent[],
    { state, token = null }: { readonly state: RunState; readonly token?: BackgroundToken | null },
  ): Promise<RunRecord> {
    const { isReplaced, added } = growthOf(events);
    const end = events.find(isTerminal);
    const [row] = (await transaction.run(
      `UPDATE ${this.runs} SET state = $3, seq = seq + $4, answer = ${isReplaced ? '$5' : 'answer || $5'},
         token = COALESCE($6, token), response_id = COALESCE($7, response_id), end_event = $8, ended_at_ms = $9
       WHERE run_id = $1 AND claim_no = $2 AND end_event IS NULL RETURNING seq, ${RUN_COLUMNS}`,
      [
        runId,
        claimNo,
        state,
        events.length,
        added,
        token === null ? null : JSON.stringify(token),
        token === null ? null : token.responseId,
        end === undefined ? null : JSON.stringify(end),
        end === undefined ? null : Date.now(),
      ],
    )) as readonly (RunRow & { seq: Count })[];
    if (row === undefined) throw claimLost(runId);
    await this.#store(transaction, runId, Number(row.seq) - events.length, events);
    return decodeRun(row);
  }

  async #store({ run }: Transaction, runId: string, after: number, events: readonly ServerEvent[]): Promise<void> {
    if (events.length === 0) return;
    const rows = events.map((_, index) => `($1, $2 + ${index + 1}, $${index + 3})`);
    const payloads = events.map((event) => JSON.stringify(event));
    await run(`INSERT INTO ${this.runEvents} (run_id, seq, payload) VALUES ${rows.join(', ')}`, [
      runId,
      after,
      ...payloads,
    ]);
  }
}

/** Adds the turn behind what the history now holds; a conversation that was deleted or rewound stays so. */
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

function claimLost(runId: string): ClaimLost {
  return new ClaimLost(`Run ${runId} has ended, or another worker has it.`);
}
