// The sessions of owners, and what goes with them, over any SQL database.
import { AgentError, AgentSession } from '@turnstream/core';
import { type CountedSessions, sessionLock, type Transaction } from './database.ts';
import { inPages } from './in-pages.ts';
import type { NewRun, NewSession } from './new-run.ts';
import { keyOf } from './run-row.ts';
import { SqlApprovals } from './sql-approvals.ts';

export class SqlSessions extends SqlApprovals {
  /** Committed with its first turn where that saves time: without a turn there is nothing to lose. */
  createSession(asked: NewSession): Promise<AgentSession> {
    return this.database.transaction((transaction) => this.#create(transaction, asked), { canWait: true });
  }

  forgetSession(sessionId: string, { owner }: { readonly owner: string }): Promise<void> {
    return this.database.transaction(async (transaction) => {
      await transaction.lock(sessionLock(keyOf(sessionId)));
      if (await transaction.sessions.delete(sessionId, { owner })) await this.#forgetRest(transaction, sessionId);
    });
  }

  forgetExpired(): Promise<void> {
    return inPages((limit) =>
      this.database.transaction(async (transaction) => {
        const expired = await transaction.sessions.deleteExpired(limit);
        for (const sessionId of expired) await this.#forgetRest(transaction, sessionId);
        return expired.length;
      }),
    );
  }

  /** The session that the run belongs to: a new one, or one that is there. It does not expire while the run is open. */
  protected async sessionOf(
    { sessions, lock }: Transaction,
    { owner, sessionId, maxSessions }: NewRun,
  ): Promise<AgentSession> {
    if (sessionId === null) await checkRoom(sessions, owner, maxSessions);
    else await lock(sessionLock(keyOf(sessionId)));
    const session = sessionId === null ? new AgentSession() : await sessions.open(sessionId, { owner });
    if (session === null)
      throw new AgentError('not_found', 'There is no such session. Leave sessionId out to start one.');
    await sessions.save(session, { owner });
    return session;
  }

  async #create(transaction: Transaction, { owner, maxSessions, sessionId }: NewSession): Promise<AgentSession> {
    const { lock, sessions } = transaction;
    await lock(keyOf(owner));
    if (sessionId !== undefined) await lock(sessionLock(keyOf(sessionId)));
    const found = sessionId === undefined ? null : await sessions.open(sessionId, { owner });
    if (found !== null) return found;
    await checkRoom(sessions, owner, maxSessions);
    const session = new AgentSession({ sessionId });
    await sessions.save(session, { owner, ...this.expiry.ofIdle });
    // Of an expired session with this id, the rest may still be there.
    if (sessionId !== undefined) await this.#forgetRest(transaction, sessionId);
    return session;
  }

  /** What else there is of a session that was deleted. */
  async #forgetRest(transaction: Transaction, sessionId: string): Promise<void> {
    const { run, history } = transaction;
    const key = [keyOf(sessionId)];
    await run(`DELETE FROM ${this.waiting} WHERE session_key = $1`, key);
    await announceEach(transaction, await run(`DELETE FROM ${this.runs} WHERE session_key = $1 RETURNING run_id`, key));
    await history.clear({ sessionId });
  }
}

async function checkRoom(sessions: CountedSessions, owner: string, maxSessions: number): Promise<void> {
  if ((await sessions.count(owner)) < maxSessions) return;
  throw new AgentError(
    'too_many_sessions',
    `The limit of ${maxSessions} sessions per user is reached. Delete one with DELETE /sessions/:id, or continue one.`,
  );
}

export async function announceEach(transaction: Transaction, runs: readonly unknown[]): Promise<void> {
  for (const { run_id } of runs as readonly { run_id: string }[]) await transaction.announce(run_id);
}
