// Background runs as routes ask for them, over any SQL database. The owner is part of every query.
import { AgentError } from '@turnstream/core';
import type { ServerEvent } from '../events/wire.ts';
import type { Changes } from './changes.ts';
import type { Database, RunSql, Transaction } from './database.ts';
import { inPages } from './in-pages.ts';
import type { NewRun } from './new-run.ts';
import { CANCELLED } from './run-ends.ts';
import { afterCursor, LAST_CHANGED_FIRST, matching, type RunPage, type RunQuery } from './run-page.ts';
import type { RunRecord } from './run-record.ts';
import { decodeRun, encodeRequest, isSameRequest, keyOf, RUN_COLUMNS, type RunRow } from './run-row.ts';
import type { RunLook, RunStore, StoredEvent } from './run-store.ts';
import { announceEach, SqlSessions } from './sql-sessions.ts';
import type { Workers } from './workers.ts';

/** Services repeat a webhook for up to three days: https://github.com/standard-webhooks/standard-webhooks */
const WEBHOOKS_KEPT_MS = 4 * 86_400_000;

export type DeliverJobs = (workers: Workers) => Promise<AsyncDisposable>;

export class SqlRuns extends SqlSessions implements RunStore {
  readonly #changes: Changes;
  readonly #deliver: DeliverJobs;

  constructor(database: Database, keepSessionsMs: number | null, changes: Changes, deliver: DeliverJobs) {
    super(database, keepSessionsMs);
    this.#changes = changes;
    this.#deliver = deliver;
  }

  create(run: NewRun): Promise<{ readonly run: RunRecord; readonly isNew: boolean }> {
    return this.database.transaction(async (transaction) => {
      const ownerKey = keyOf(run.owner);
      await transaction.lock(ownerKey);
      const found =
        run.key === null ? null : await this.#read(transaction.run, 'request_key', [ownerKey, keyOf(run.key)]);
      if (found !== null && !isSameRequest(found, run)) {
        throw new AgentError(
          'idempotency_conflict',
          'The key of this request (Idempotency-Key; in A2A messageId) was used with another message, session or callback. Send a new one.',
        );
      }
      if (found !== null) return { run: await this.recordOf(transaction.run, found), isNew: false };
      await this.#checkOpen(transaction.run, ownerKey, run.maxOpen);
      return { run: await this.#insert(transaction, run, ownerKey), isNew: true };
    });
  }

  async get(runId: string, { owner }: { readonly owner: string }): Promise<RunRecord | null> {
    return this.#recordOf(this.database.run, await this.#read(this.database.run, 'run_id', [keyOf(owner), runId]));
  }

  async look(runId: string, { owner }: { readonly owner: string }): Promise<RunLook | null> {
    const [row] = (await this.database.run(
      `SELECT cancel_requested FROM ${this.runs} WHERE owner_key = $1 AND run_id = $2`,
      [keyOf(owner), runId],
    )) as readonly Pick<RunRow, 'cancel_requested'>[];
    return row === undefined ? null : { isCancelRequested: Number(row.cancel_requested) === 1 };
  }

  async list(
    owner: string,
    { limit, sessionId }: { readonly limit: number; readonly sessionId?: string | undefined },
  ): Promise<readonly RunRecord[]> {
    const ofSession = sessionId === undefined ? '' : 'AND session_key = $3';
    const rows = await this.database.run(
      `SELECT ${RUN_COLUMNS} FROM ${this.runs} WHERE owner_key = $1 ${ofSession} ORDER BY run_no DESC LIMIT $2`,
      [keyOf(owner), limit, ...(sessionId === undefined ? [] : [keyOf(sessionId)])],
    );
    return this.recordsOf(this.database.run, rows as readonly RunRow[]);
  }

  async page(owner: string, query: RunQuery): Promise<RunPage> {
    const all = matching(owner, query);
    const { sql, values } = afterCursor(all, query);
    const rows = await this.database.run(
      `SELECT ${RUN_COLUMNS} FROM ${this.runs} WHERE ${sql} ORDER BY ${LAST_CHANGED_FIRST} LIMIT $${values.length + 1}`,
      [...values, query.limit],
    );
    const [counted] = (await this.database.run(
      `SELECT count(*) AS total FROM ${this.runs} WHERE ${all.sql}`,
      all.values,
    )) as readonly { total: number | bigint | string }[];
    return {
      runs: await this.recordsOf(this.database.run, rows as readonly RunRow[]),
      total: Number(counted?.total),
    };
  }

  async events(
    runId: string,
    { after, limit }: { readonly after: number; readonly limit: number },
  ): Promise<readonly StoredEvent[]> {
    const rows = await this.database.run(
      `SELECT seq, payload FROM ${this.runEvents} WHERE run_id = $1 AND seq > $2 ORDER BY seq LIMIT $3`,
      [runId, after, limit],
    );
    return (rows as readonly { seq: number | bigint; payload: string }[]).map(({ seq, payload }) => ({
      seq: Number(seq),
      event: JSON.parse(payload) as ServerEvent,
    }));
  }

  requestCancel(runId: string, { owner }: { readonly owner: string }): Promise<RunRecord | null> {
    return this.inSessionOf(runId, async (transaction) => {
      const [asked] = (await transaction.run(
        `UPDATE ${this.runs} SET cancel_requested = 1
         WHERE run_id = $1 AND owner_key = $2 AND end_event IS NULL RETURNING claim_no, state`,
        [runId, keyOf(owner)],
      )) as readonly (Pick<RunRow, 'state'> & { claim_no: number | bigint })[];
      if (asked !== undefined) {
        const isParked = asked.state === 'awaiting_approval';
        if (isParked) await transaction.run(`DELETE FROM ${this.waiting} WHERE run_id = $1`, [runId]);
        const claimNo = Number(asked.claim_no);
        if (isParked || claimNo === 0) await this.end(transaction, { runId, claimNo }, CANCELLED);
        else await transaction.hasten(runId);
        await transaction.announce(runId);
      }
      return this.#recordOf(transaction.run, await this.#read(transaction.run, 'run_id', [keyOf(owner), runId]));
    });
  }

  async forgetRun(runId: string, { owner }: { readonly owner: string }): Promise<boolean> {
    const forgotten = await this.database.run(
      `DELETE FROM ${this.runs} WHERE owner_key = $1 AND run_id = $2 AND end_event IS NOT NULL RETURNING run_id`,
      [keyOf(owner), runId],
    );
    return forgotten.length > 0;
  }

  forgetEnded(beforeMs: number): Promise<void> {
    return inPages(async (limit) => {
      const forgotten = await this.database.run(
        `DELETE FROM ${this.runs} WHERE run_id IN (
           SELECT run_id FROM ${this.runs} WHERE ended_at_ms < $1 ORDER BY ended_at_ms LIMIT $2
         ) RETURNING run_id`,
        [beforeMs, limit],
      );
      return forgotten.length;
    });
  }

  async seenWebhook(webhookId: string): Promise<boolean> {
    const table = this.database.table('webhooks');
    const nowMs = Date.now();
    await this.database.run(`DELETE FROM ${table} WHERE seen_at_ms < $1`, [nowMs - WEBHOOKS_KEPT_MS]);
    const noted = await this.database.run(
      `INSERT INTO ${table} (webhook_key, seen_at_ms) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING webhook_key`,
      [keyOf(webhookId), nowMs],
    );
    return noted.length === 0;
  }

  wake(responseId: string): Promise<void> {
    return this.database.transaction(async (transaction) => {
      const waiting = await transaction.run(
        `SELECT run_id FROM ${this.runs} WHERE response_id = $1 AND end_event IS NULL`,
        [responseId],
      );
      await announceEach(transaction, waiting);
    });
  }

  changed(runId: string, options: { readonly timeoutMs: number; readonly signal: AbortSignal }): Promise<void> {
    return this.#changes.next(runId, options);
  }

  async load(runId: string): Promise<RunRecord | null> {
    const rows = await this.database.run(`SELECT ${RUN_COLUMNS} FROM ${this.runs} WHERE run_id = $1`, [runId]);
    return this.#recordOf(this.database.run, (rows as readonly RunRow[])[0] ?? null);
  }

  work(workers: Workers): Promise<AsyncDisposable> {
    return this.#deliver(workers);
  }

  async #checkOpen(run: RunSql, ownerKey: string, maxOpen: number): Promise<void> {
    const [row] = (await run(`SELECT count(*) AS open FROM ${this.runs} WHERE owner_key = $1 AND end_event IS NULL`, [
      ownerKey,
    ])) as readonly { open: number | bigint | string }[];
    if (Number(row?.open) < maxOpen) return;
    throw new AgentError(
      'overloaded',
      `${maxOpen} runs are open, which is the limit. Wait for one to end, or cancel one.`,
      { retryAfterMs: 10_000 },
    );
  }

  async #insert(transaction: Transaction, run: NewRun, ownerKey: string): Promise<RunRecord> {
    const session = await this.sessionOf(transaction, run);
    const runId = crypto.randomUUID();
    const { sessionId } = session;
    const [row] = (await transaction.run(
      `INSERT INTO ${this.runs} (run_id, owner_key, request_key, session_key, request, state, created_at_ms, seq)
       VALUES ($1, $2, $3, $4, $5, 'queued', $6, 1) RETURNING ${RUN_COLUMNS}`,
      [
        runId,
        ownerKey,
        run.key === null ? null : keyOf(run.key),
        keyOf(sessionId),
        encodeRequest(run, sessionId),
        Date.now(),
      ],
    )) as readonly [RunRow];
    await this.store(transaction, runId, 0, [{ type: 'session', sessionId, runId, mode: 'replace' }]);
    await transaction.push('run', { runId, ownerKey });
    return decodeRun(row);
  }

  async #recordOf(run: RunSql, row: RunRow | null): Promise<RunRecord | null> {
    return row === null ? null : this.recordOf(run, row);
  }

  async #read(
    run: RunSql,
    by: 'run_id' | 'request_key',
    ownerAndId: readonly [string, string],
  ): Promise<RunRow | null> {
    const rows = await run(`SELECT ${RUN_COLUMNS} FROM ${this.runs} WHERE owner_key = $1 AND ${by} = $2`, ownerAndId);
    return (rows as readonly RunRow[])[0] ?? null;
  }
}
