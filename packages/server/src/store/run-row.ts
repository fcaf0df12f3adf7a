// A run as a database row: which parts are JSON, and which are hashes.
import { createHash } from 'node:crypto';
import type { BackgroundToken } from '@turnstream/core';
import type { RunState, TerminalEvent } from '../events/wire.ts';
import type { AnsweredCall, ApprovalBatch } from './approvals.ts';
import type { NewRun, RunAsk } from './new-run.ts';
import type { RunRecord } from './run-record.ts';

/** The columns of a row as the database gives them. */
export interface RunRow {
  readonly run_id: string;
  readonly request: string;
  readonly state: RunState;
  /** Without the current sequence number, which is a column of its own. */
  readonly token: string | null;
  /** Null means that the one in the token is current. */
  readonly sequence_number: number | bigint | null;
  readonly cancel_requested: number | bigint;
  readonly answers: string | null;
  readonly asked_at_ms: Milliseconds | null;
  readonly answered_at_ms: Milliseconds | null;
  /** '' while the run is open. */
  readonly final_answer: string;
  readonly end_event: string | null;
  readonly created_at_ms: Milliseconds;
  readonly ended_at_ms: Milliseconds | null;
}

type Milliseconds = number | bigint | string;

export const RUN_COLUMNS = `run_id, request, state, token, sequence_number, cancel_requested, answers, asked_at_ms,
  answered_at_ms, final_answer, end_event, created_at_ms, ended_at_ms`;

/** What was asked for, and the session that it came to. */
interface StoredRequest {
  readonly owner: string;
  readonly sessionId: string;
  readonly isNewSession: boolean;
  readonly message: string;
  readonly callbackUrl: string | null;
  readonly ask?: RunAsk;
}

export function encodeRequest({ owner, sessionId, message, callbackUrl, ask }: NewRun, newSessionId: string): string {
  const isNewSession = sessionId === null;
  const request = { owner, sessionId: sessionId ?? newSessionId, isNewSession, message, callbackUrl };
  const stored: StoredRequest = ask == null ? request : { ...request, ask };
  return JSON.stringify(stored);
}

/** Whether the run is what this request would make, so that both may share a key. */
export function isSameRequest(row: RunRow, run: NewRun): boolean {
  return row.request === encodeRequest(run, decodeRequest(row).sessionId);
}

/** `text` is the text so far of an open run; the row of an ended run has its own. `approvals` are what a run waits with. */
export function decodeRun(row: RunRow, text = '', approvals: ApprovalBatch | null = null): RunRecord {
  const { owner, sessionId, message, callbackUrl, ask = null } = decodeRequest(row);
  return {
    runId: row.run_id,
    owner,
    sessionId,
    state: row.state,
    message,
    ask,
    token: decodeToken(row),
    isCancelRequested: Number(row.cancel_requested) === 1,
    approvals,
    answers: row.answers === null ? null : (JSON.parse(row.answers) as readonly AnsweredCall[]),
    askedAtMs: decodeTime(row.asked_at_ms),
    answeredAtMs: decodeTime(row.answered_at_ms),
    callbackUrl,
    text: row.end_event === null ? text : (JSON.parse(`"${row.final_answer}"`) as string),
    end: row.end_event === null ? null : (JSON.parse(row.end_event) as TerminalEvent),
    createdAtMs: Number(row.created_at_ms),
    endedAtMs: decodeTime(row.ended_at_ms),
  };
}

/**
 * A text encoded as the inside of a JSON string, because `text` in Postgres cannot hold U+0000 or lone surrogates.
 */
export function encodeText(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

/** What something is looked up by: of one length, whatever it is. */
export function keyOf(value: string): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex');
}

function decodeTime(time: Milliseconds | null): number | null {
  return time === null ? null : Number(time);
}

function decodeToken({ token, sequence_number: sequenceNumber }: RunRow): BackgroundToken | null {
  if (token === null) return null;
  const stored = JSON.parse(token) as BackgroundToken;
  return sequenceNumber === null ? stored : { ...stored, sequenceNumber: Number(sequenceNumber) };
}

function decodeRequest(row: RunRow): StoredRequest {
  return JSON.parse(row.request) as StoredRequest;
}
