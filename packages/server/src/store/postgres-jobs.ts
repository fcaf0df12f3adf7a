// The jobs of all processes on one Postgres, kept by pg-boss: https://pgboss.io
import { PgBoss } from 'pg-boss';
import type { Changes } from './changes.ts';
import type { JobKind } from './database.ts';
import { deliverJobs, type JobQueue, type TakenJob } from './job-loop.ts';
import { inTransaction, jobsSchemaOf, type PostgresClient, type PostgresPool } from './postgres-database.ts';
import type { Workers } from './workers.ts';

/** A process that is not heard of for so long has died, and its jobs are free. pg-boss allows no less than 10 seconds. */
const LEASE_SECONDS = 10;
/** How often the jobs of dead processes are looked for, by one of those that are left. */
const SUPERVISE_SECONDS = 1;
const HEARTBEAT_MS = 3_000;
/** How often jobs are looked for that became due without a word: those put off, and those of dead processes. */
const POLL_MS = 1_000;

const QUEUE = {
  heartbeatSeconds: LEASE_SECONDS,
  // Whether a job has been tried too often is the worker's to say.
  retryLimit: 2_147_483_647,
  retryDelay: 0,
  // A day is the most that pg-boss allows.
  expireInSeconds: 86_400,
  // A job that is done says nothing that the run does not say.
  deleteAfterSeconds: 60,
} as const;

export class PostgresJobs implements JobQueue, AsyncDisposable {
  readonly #pool: PostgresPool;
  readonly #boss: PgBoss;
  readonly #onError: (error: unknown) => void;
  readonly #held = new Map<string, TakenJob>();

  constructor(pool: PostgresPool, schema: string, onError: (error: unknown) => void) {
    this.#pool = pool;
    this.#onError = onError;
    this.#boss = new PgBoss({
      db: databaseOf(pool),
      schema: jobsSchemaOf(schema),
      createSchema: false,
      superviseIntervalSeconds: SUPERVISE_SECONDS,
      monitorIntervalSeconds: SUPERVISE_SECONDS,
      schedule: false,
      monitorVacuum: false,
      registerInstance: false,
      openTelemetry: { enabled: false },
    });
    this.#boss.on('error', onError);
  }

  async start(): Promise<void> {
    await this.#boss.start();
    for (const kind of ['run', 'callback'] as const) await this.#boss.createQueue(kind, QUEUE);
  }

  /** Leaves a job on the transaction that the client is in. */
  async push(
    client: PostgresClient,
    kind: JobKind,
    { runId, ownerKey }: { readonly runId: string; readonly ownerKey: string },
  ): Promise<void> {
    await this.#boss.send(kind, { runId }, { db: databaseOf(client), group: { id: ownerKey } });
  }

  async hasten(client: PostgresClient, runId: string): Promise<void> {
    const db = databaseOf(client);
    for (const { id } of await this.#boss.findJobs('run', { data: { runId }, queued: true, db }))
      await this.#boss.update('run', undefined, { id, startAfter: 0, db });
  }

  deliver(changes: Changes, workers: Workers): AsyncDisposable {
    const heartbeat = setInterval(() => void this.#touch().catch(this.#onError), HEARTBEAT_MS);
    const delivery = deliverJobs(this, changes, workers);
    return {
      async [Symbol.asyncDispose]() {
        await delivery[Symbol.asyncDispose]();
        clearInterval(heartbeat);
      },
    };
  }

  async take(kind: JobKind, passedOver: readonly string[]): Promise<TakenJob | null> {
    const [taken] = await this.#boss.fetch<{ readonly runId: string }>(kind, { ignoreGroups: [...passedOver] });
    if (taken === undefined) return null;
    const { id, data, retryCount, groupId } = taken;
    const job = { id, kind, runId: data.runId, ownerKey: groupId ?? '', attempt: retryCount + 1 };
    this.#held.set(id, job);
    return job;
  }

  async nextLookMs(): Promise<number> {
    return POLL_MS;
  }

  async settle(job: TakenJob, againInMs: number | null): Promise<void> {
    const { id, kind } = job;
    this.#held.delete(id);
    if (againInMs === null) return void (await this.#boss.complete(kind, attemptOf(job)));
    await inTransaction(this.#pool, async (client) => {
      const db = databaseOf(client);
      await this.#boss.fail(kind, attemptOf(job), null, { db });
      // It waits now, unless another process has taken it meanwhile: then this changes nothing.
      await this.#boss.update(kind, undefined, { id, startAfter: againInMs / 1_000, db });
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#boss.stop({ graceful: false, close: false });
  }

  async #touch(): Promise<void> {
    for (const [kind, jobs] of Map.groupBy(this.#held.values(), (job) => job.kind))
      await this.#boss.touch(kind, jobs.map(attemptOf));
  }
}

/** Names the delivery too, so that a process that was thought dead changes nothing of the next one's. */
function attemptOf({ id, attempt }: TakenJob): { id: string; retryCount: number } {
  return { id, retryCount: attempt - 1 };
}

function databaseOf(client: PostgresClient): {
  executeSql(sql: string, values?: unknown[]): Promise<{ rows: unknown[] }>;
} {
  return { executeSql: (sql, values) => client.query(sql, values) };
}
