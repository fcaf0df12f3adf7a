// A run as a row: what of it is JSON, what is a hash, and how its text grows.
import { createHash } from 'node:crypto';
import type { BackgroundToken } from '@turnstream/core';
import type { RunState, ServerEvent, TerminalEvent } from '../events/wire.ts';
import type { NewRun, RunRecord } from './run-store.ts';

/** The columns of a row as the database gives them. */
export interface RunRow {
  readonly run_id: string;
  readonly request: string;
  readonly state: RunState;
  readonly token: string | null;
  readonly cancel_requested: number | bigint;
  readonly answer: string;
  readonly end_event: string | null;
  readonly created_at_ms: number | bigint | string;
  readonly ended_at_ms: number | bigint | string | null;
}

export const RUN_COLUMNS =
  'run_id, request, state, token, cancel_requested, answer, end_event, created_at_ms, ended_at_ms';

/** What was asked for, and the session that it came to. */
interface StoredRequest {
  readonly owner: string;
  readonly sessionId: string;
  readonly isNewSession: boolean;
  readonly message: string;
  readonly callbackUrl: string | null;
}

export function encodeRequest({ owner, sessionId, message, callbackUrl }: NewRun, newSessionId: string): string {
  const isNewSession = sessionId === null;
  const stored: StoredRequest = { owner, sessionId: sessionId ?? newSessionId, isNewSession, message, callbackUrl };
  return JSON.stringify(stored);
}

/** Whether the run is what this request would make, so that both may share a key. */
export function isSameRequest(row: RunRow, run: NewRun): boolean {
  return row.request === encodeRequest(run, decodeRequest(row).sessionId);
}

export function decodeRun(row: RunRow): RunRecord {
  const { owner, sessionId, message, callbackUrl } = decodeRequest(row);
  return {
    runId: row.run_id,
    owner,
    sessionId,
    state: row.state,
    message,
    token: row.token === null ? null : (JSON.parse(row.token) as BackgroundToken),
    isCancelRequested: Number(row.cancel_requested) === 1,
    callbackUrl,
    text: JSON.parse(`"${row.answer}"`) as string,
    end: row.end_event === null ? null : (JSON.parse(row.end_event) as TerminalEvent),
    createdAtMs: Number(row.created_at_ms),
    endedAtMs: row.ended_at_ms === null ? null : Number(row.ended_at_ms),
  };
}

/**
 * How events change the stored answer. It is kept as the inside of a JSON string, which can grow in place and holds what
 * Postgres cannot hold in a text, such as U+0000 and half an emoji.
 */
export function growthOf(events: readonly ServerEvent[]): { readonly isReplaced: boolean; readonly added: string } {
  const replaced = events.findLastIndex((event) => event.type === 'session' && event.mode === 'replace');
  const updates = events.slice(replaced + 1).flatMap((event) => (event.type === 'update' ? event.text : []));
  return { isReplaced: replaced !== -1, added: JSON.stringify(updates.join('')).slice(1, -1) };
}

/** What something is looked up by: of one length, whatever it is. */
export function keyOf(value: string): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex');
}

function decodeRequest(row: RunRow): StoredRequest {
  return JSON.parse(row.request) as StoredRequest;
}
