// The one SQLite handle of a process, in turns: nothing comes between the statements of a transaction.
import type { HistoryProvider } from '@turnstream/core';
import type { Changes } from './changes.ts';
import type { Database, ListedSessions, RunSql, TableName, Transaction } from './database.ts';
import { jobsOf } from './job-loop.ts';
import { hastenJob, pushJob } from './sqlite-jobs.ts';

/** What is used of a database. `DatabaseSync` of `node:sqlite` is one. */
export interface SqliteDatabase {
  readonly isTransaction: boolean;
  exec(sql: string): unknown;
  prepare(sql: string): SqliteStatement;
}

export interface SqliteStatement {
  all(...values: (string | number | null)[]): unknown[];
}

/** How long a transaction waits for the next one, to be committed with it. */
const COMMIT_MS = 100;

/** The handle, used by one at a time. */
export class SqliteHandle implements Database {
  readonly #database: SqliteDatabase;
  readonly #stores: Pick<Transaction, 'history' | 'sessions'>;
  readonly #changes: Changes;
  readonly #statements = new Map<string, SqliteStatement>();
  #last: Promise<unknown> = Promise.resolve();
  /** Runs while a transaction is open that waits for the next one. */
  #committing: NodeJS.Timeout | undefined;

  constructor(database: SqliteDatabase, stores: Pick<Transaction, 'history' | 'sessions'>, changes: Changes) {
    this.#database = database;
    this.#stores = stores;
    this.#changes = changes;
  }

  readonly run: RunSql = (sql, values) => this.writing(() => this.#run(sql, values));

  transaction<T>(
    work: (transaction: Transaction) => Promise<T>,
    { canWait = false }: { readonly canWait?: boolean } = {},
  ): Promise<T> {
    return this.inTurn(async () => {
      const changed = new Set<string>();
      // One that waits is open.
      const joins = this.#database.isTransaction;
      // Takes the write lock at once, so that nothing can come between a look and the write that follows.
      this.#database.exec(joins ? 'SAVEPOINT work' : 'BEGIN IMMEDIATE');
      try {
        const result = await work(this.#transaction(changed));
        if (canWait) this.#commitSoon();
        else this.#commit();
        for (const name of changed) this.#changes.announce(name);
        return result;
      } catch (error) {
        this.#undo(joins);
        throw error;
      }
    });
  }

  readonly table = (name: TableName): string => `turnstream_${name}`;

  /** For work that writes nothing. */
  inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#last.then(work);
    this.#last = result.catch(() => {});
    return result;
  }

  /** For work that is committed once this resolves. */
  writing<T>(work: () => Promise<T>): Promise<T> {
    return this.inTurn(async () => {
      const result = await work();
      this.#commit();
      return result;
    });
  }

  #commit(): void {
    clearTimeout(this.#committing);
    this.#committing = undefined;
    if (this.#database.isTransaction) this.#database.exec('COMMIT');
  }

  #undo(joins: boolean): void {
    // A full disk has ended it already.
    if (!this.#database.isTransaction) return;
    this.#database.exec(joins ? 'ROLLBACK TO work' : 'ROLLBACK');
    if (joins) this.#commitSoon();
  }

  /** A commit that fails here is tried again by the next write, which fails with the same error. */
  #commitSoon(): void {
    this.#committing ??= setTimeout(() => void this.writing(async () => {}).catch(() => {}), COMMIT_MS).unref();
  }

  #transaction(changed: Set<string>): Transaction {
    const run: RunSql = (sql, values) => this.#run(sql, values);
    return {
      ...this.#stores,
      run,
      // Nobody else has the handle.
      async lock() {},
      async push(kind, { runId }) {
        await pushJob(run, kind, runId);
        changed.add(jobsOf(kind));
      },
      async hasten(runId) {
        await hastenJob(run, runId);
        changed.add(jobsOf('run'));
      },
      async announce(runId) {
        changed.add(runId);
      },
    };
  }

  async #run(sql: string, values: readonly (string | number | null)[]): Promise<readonly unknown[]> {
    const statement = this.#statements.get(sql) ?? this.#prepare(sql);
    return statement.all(...values);
  }

  /** Once for each statement, of which there are at most a few hundred: preparing a small one costs more than running it. */
  #prepare(sql: string): SqliteStatement {
    // SQLite counts its parameters as ?1 where Postgres says $1.
    const statement = this.#database.prepare(sql.replaceAll('$', '?'));
    this.#statements.set(sql, statement);
    return statement;
  }
}

/** The history with each of its calls in turn. */
export function historyInTurn(history: HistoryProvider, handle: SqliteHandle): HistoryProvider {
  return {
    load: (session, options) => handle.inTurn(() => history.load(session, options)),
    append: (session, turn, version) => handle.writing(() => history.append(session, turn, version)),
    truncate: (session, turnCount, version) => handle.writing(() => history.truncate(session, turnCount, version)),
    clear: (session) => handle.writing(() => history.clear(session)),
  };
}

/** The sessions with each of their calls in turn. */
export function sessionsInTurn(sessions: ListedSessions, handle: SqliteHandle): ListedSessions {
  return {
    save: (session, options) => handle.writing(() => sessions.save(session, options)),
    open: (sessionId, options) => handle.inTurn(() => sessions.open(sessionId, options)),
    list: (owner, options) => handle.inTurn(() => sessions.list(owner, options)),
    latest: (owner, options) => handle.inTurn(() => sessions.latest(owner, options)),
    delete: (sessionId, options) => handle.writing(() => sessions.delete(sessionId, options)),
  };
}
