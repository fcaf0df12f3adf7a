// The jobs of the one process that has the SQLite database open: a row each, until it is done.
import type { JobKind, RunSql } from './database.ts';
import type { JobQueue, TakenJob } from './job-loop.ts';

export const JOBS_TABLE = `
  CREATE TABLE IF NOT EXISTS turnstream_jobs (
    job_id INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, run_id TEXT NOT NULL,
    attempt INTEGER NOT NULL DEFAULT 0, due_at_ms INTEGER NOT NULL
  );
  CREATE INDEX IF NOT EXISTS turnstream_jobs_due ON turnstream_jobs (kind, due_at_ms);
`;

export async function pushJob(run: RunSql, kind: JobKind, runId: string): Promise<void> {
  await run('INSERT INTO turnstream_jobs (kind, run_id, due_at_ms) VALUES ($1, $2, $3)', [kind, runId, Date.now()]);
}

export async function hastenJob(run: RunSql, runId: string): Promise<void> {
  await run(`UPDATE turnstream_jobs SET due_at_ms = $2 WHERE kind = 'run' AND run_id = $1`, [runId, Date.now()]);
}

export class SqliteJobs implements JobQueue {
  readonly #run: RunSql;
  /** In memory only: jobs that were under way when the process died are free in the next one. */
  readonly #taken = new Set<string>();

  constructor(run: RunSql) {
    this.#run = run;
  }

  async take(kind: JobKind, passedOver: readonly string[]): Promise<TakenJob | null> {
    const [found] = (await this.#run(
      `SELECT job_id, ${OWNER_KEY} AS owner_key FROM ${FREE} AND due_at_ms <= $4 ORDER BY due_at_ms, job_id LIMIT 1`,
      [...this.#free(kind, passedOver), Date.now()],
    )) as readonly { job_id: number | bigint; owner_key: string }[];
    if (found === undefined) return null;
    const id = String(found.job_id);
    this.#taken.add(id);
    try {
      const [row] = (await this.#run(
        'UPDATE turnstream_jobs SET attempt = attempt + 1 WHERE job_id = $1 RETURNING run_id, attempt',
        [Number(found.job_id)],
      )) as readonly [{ run_id: string; attempt: number | bigint }];
      return { id, kind, runId: row.run_id, ownerKey: found.owner_key, attempt: Number(row.attempt) };
    } catch (error) {
      this.#taken.delete(id);
      throw error;
    }
  }

  async nextLookMs(kind: JobKind, passedOver: readonly string[]): Promise<number> {
    const [row] = (await this.#run(
      `SELECT min(due_at_ms) AS due_at_ms FROM ${FREE}`,
      this.#free(kind, passedOver),
    )) as readonly { due_at_ms: number | bigint | null }[];
    const dueAtMs = row?.due_at_ms ?? null;
    return dueAtMs === null ? Number.POSITIVE_INFINITY : Math.max(0, Number(dueAtMs) - Date.now());
  }

  async settle({ id }: TakenJob, againInMs: number | null): Promise<void> {
    try {
      if (againInMs === null) await this.#run('DELETE FROM turnstream_jobs WHERE job_id = $1', [id]);
      else await this.#run('UPDATE turnstream_jobs SET due_at_ms = $2 WHERE job_id = $1', [id, Date.now() + againInMs]);
    } finally {
      this.#taken.delete(id);
    }
  }

  #free(kind: JobKind, passedOver: readonly string[]): readonly string[] {
    return [kind, JSON.stringify([...this.#taken].map(Number)), JSON.stringify(passedOver)];
  }
}

/** A deleted run no longer has an owner. */
const OWNER_KEY = "COALESCE(owner_key, '')";

/** The first parameters are the kind, the ids of the jobs already taken, and the owners passed over. */
const FREE = `turnstream_jobs LEFT JOIN turnstream_runs USING (run_id)
  WHERE kind = $1 AND job_id NOT IN (SELECT value FROM json_each($2))
    AND ${OWNER_KEY} NOT IN (SELECT value FROM json_each($3))`;
