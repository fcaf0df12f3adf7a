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

export class SqliteJobs implements JobQueue {
  readonly #run: RunSql;
  /** In memory only: jobs that were under way when the process died are free in the next one. */
  readonly #taken = new Set<string>();

  constructor(run: RunSql) {
    this.#run = run;
  }

  async take(kind: JobKind, limit: number): Promise<readonly TakenJob[]> {
    const rows = (await this.#run(
      `UPDATE turnstream_jobs SET attempt = attempt + 1 WHERE job_id IN (
         SELECT job_id FROM turnstream_jobs WHERE ${FREE} AND due_at_ms <= $3 ORDER BY due_at_ms, job_id LIMIT $4
       ) RETURNING job_id, run_id, attempt`,
      [kind, this.#takenIds(), Date.now(), limit],
    )) as readonly { job_id: number | bigint; run_id: string; attempt: number | bigint }[];
    return rows.map((row) => {
      const id = String(row.job_id);
      this.#taken.add(id);
      return { id, kind, runId: row.run_id, attempt: Number(row.attempt) };
    });
  }

  async nextLookMs(kind: JobKind): Promise<number> {
    const [row] = (await this.#run(`SELECT min(due_at_ms) AS due_at_ms FROM turnstream_jobs WHERE ${FREE}`, [
      kind,
      this.#takenIds(),
    ])) as readonly { due_at_ms: number | bigint | null }[];
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

  #takenIds(): string {
    return JSON.stringify([...this.#taken].map(Number));
  }
}

const FREE = 'kind = $1 AND job_id NOT IN (SELECT value FROM json_each($2))';
