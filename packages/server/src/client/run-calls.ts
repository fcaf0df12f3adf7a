// The short requests about background runs: begin one, look at it, stop it.
import type { RunState, TerminalEvent } from '../events/wire.ts';
import { ask, type Connection } from './connection.ts';

/** A run as its owner sees it. Times are milliseconds since 1970. */
export interface PublicRun {
  readonly runId: string;
  readonly sessionId: string;
  readonly state: RunState;
  readonly message: string;
  /** The answer as far as there is one; whole when `state` is `completed`. */
  readonly text: string;
  /** Null while it goes on. */
  readonly end: TerminalEvent | null;
  readonly createdAtMs: number;
  readonly endedAtMs: number | null;
}

export interface StartOptions {
  readonly message: string;
  readonly sessionId?: string | undefined;
  readonly callbackUrl?: string | undefined;
  /** Makes asking again find the run instead of beginning another one. */
  readonly idempotencyKey?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Rejects as `ask` does: with the server's code, `connection_failed`, or the signal's reason. */
export async function startRun(connection: Connection, options: StartOptions): Promise<PublicRun> {
  const { idempotencyKey, signal, ...body } = options;
  const headers: Record<string, string> = idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey };
  return runIn(await ask(connection, '/runs', { method: 'POST', body, headers, signal }));
}

export async function getRun(connection: Connection, runId: string): Promise<PublicRun> {
  return runIn(await ask(connection, `/runs/${encodeURIComponent(runId)}`));
}

/** Asks for the end of the run; `watchRun` tells when it has come. */
export async function cancelRun(connection: Connection, runId: string): Promise<PublicRun> {
  return runIn(await ask(connection, `/runs/${encodeURIComponent(runId)}/cancel`, { method: 'POST' }));
}

async function runIn(response: Response): Promise<PublicRun> {
  return (await response.json()) as PublicRun;
}
