// Pages of an owner's runs, the last changed first: which runs are wanted, and their SQL conditions.
import type { RunState } from '../events/wire.ts';
import type { RunRecord } from './run-record.ts';
import { keyOf } from './run-row.ts';

/** The last run of the page before. */
export interface RunCursor {
  readonly changedAtMs: number;
  readonly runId: string;
}

/** Which runs to list. */
export interface RunQuery {
  readonly limit: number;
  /** Left out: of any session. */
  readonly sessionId?: string | undefined;
  /** Left out: in any state. */
  readonly states?: readonly RunState[] | undefined;
  /** Leaves out runs that changed before this time, in milliseconds since 1970. */
  readonly changedSinceMs?: number | undefined;
  /** Continues after this run. */
  readonly after?: RunCursor | undefined;
}

/** One page of a list of runs. */
export interface RunPage {
  readonly runs: readonly RunRecord[];
  /** How many runs match, on all pages. */
  readonly total: number;
}

/** When the run was created, asked for approval, was answered, or ended: the latest of them. In milliseconds since 1970. */
export function changedAtMs({ state, createdAtMs, askedAtMs, answeredAtMs, endedAtMs }: RunRecord): number {
  return endedAtMs ?? (state === 'awaiting_approval' ? askedAtMs : answeredAtMs) ?? createdAtMs;
}

/** The same in SQL. */
const CHANGED_AT = `COALESCE(ended_at_ms,
  CASE WHEN state = 'awaiting_approval' THEN asked_at_ms ELSE answered_at_ms END, created_at_ms)`;

export const LAST_CHANGED_FIRST = `${CHANGED_AT} DESC, run_id DESC`;

export interface Condition {
  readonly sql: string;
  readonly values: readonly (string | number)[];
}

/** The runs that match, on all pages. */
export function matching(owner: string, { sessionId, states, changedSinceMs }: RunQuery): Condition {
  const values: (string | number)[] = [keyOf(owner)];
  const next = (value: string | number): string => `$${values.push(value)}`;
  const conditions = ['owner_key = $1'];
  if (sessionId !== undefined) conditions.push(`session_key = ${next(keyOf(sessionId))}`);
  if (states !== undefined)
    conditions.push(states.length === 0 ? '1 = 0' : `state IN (${states.map(next).join(', ')})`);
  if (changedSinceMs !== undefined) conditions.push(`${CHANGED_AT} >= ${next(changedSinceMs)}`);
  return { sql: conditions.join(' AND '), values };
}

/** Those of them that come after the cursor. */
export function afterCursor({ sql, values }: Condition, { after }: RunQuery): Condition {
  if (after === undefined) return { sql, values };
  const [at, id] = [`$${values.length + 1}`, `$${values.length + 2}`];
  return {
    sql: `${sql} AND (${CHANGED_AT} < ${at} OR (${CHANGED_AT} = ${at} AND run_id < ${id}))`,
    values: [...values, after.changedAtMs, after.runId],
  };
}
