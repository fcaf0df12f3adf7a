// What every session store does the same: records, owners, versions and expiry, over the few row operations of a back end.

import * as json from '../checked/json.ts';
import { AgentError } from '../errors.ts';
import { AgentSession, quotedId } from './session.ts';
import type { SavedSession, SessionStore } from './store.ts';

const MAX_PAGE = 1_000;

/** One stored session. `record` is JSON text. */
export interface SessionRow {
  readonly sessionId: string;
  readonly owner: string;
  /** Counts the saves, from 1 on. */
  readonly version: number;
  readonly expiresAtMs: number | null;
  readonly record: string;
}

/** A back end. A row whose `expiresAtMs` is not after `nowMs` counts as absent in every operation. */
export interface SessionRows {
  /** The record of this owner's row. */
  read(sessionId: string, owner: string, nowMs: number): Promise<string | null>;
  /**
   * Compare-and-set. Version 1 is written only where there is no row of anyone; a later one only over this owner's row
   * of the version before. False when it is not so.
   */
  write(row: SessionRow, nowMs: number): Promise<boolean>;
  /** Records of this owner's rows, in a fixed order, those after `after`. */
  list(
    owner: string,
    page: { readonly after: string | null; readonly limit: number },
    nowMs: number,
  ): Promise<readonly string[]>;
  /** True when this owner had such a row. */
  remove(sessionId: string, owner: string, nowMs: number): Promise<boolean>;
}

/** The row, unless its time is up: for back ends that do not look at `expiresAtMs` themselves. */
export function unexpiredRow(row: SessionRow | null | undefined, nowMs: number): SessionRow | null {
  if (row === null || row === undefined) return null;
  return row.expiresAtMs === null || row.expiresAtMs > nowMs ? row : null;
}

/** True when the row may be written over what is stored: the rule of `SessionRows.write`, for back ends that hold a lock. */
export function canReplaceRow(row: SessionRow, live: SessionRow | null): boolean {
  if (live === null) return row.version === 1;
  return live.owner === row.owner && live.version === row.version - 1;
}

/** The session store over a back end. */
export class StoredSessions implements SessionStore {
  readonly #rows: SessionRows;
  /** The stored version each session object knows of. */
  readonly #versions = new WeakMap<AgentSession, number>();

  constructor(rows: SessionRows) {
    this.#rows = rows;
  }

  async save(
    session: AgentSession,
    { owner, ttlMs }: { readonly owner: string; readonly ttlMs?: number | undefined },
  ): Promise<void> {
    checkOwner(owner);
    const version = (this.#versions.get(session) ?? 0) + 1;
    const savedAtMs = Date.now();
    const expiresAtMs = ttlMs === undefined ? null : savedAtMs + checkedTtl(ttlMs);
    const { sessionId } = session;
    const record = JSON.stringify({ format: 1, version, savedAtMs, expiresAtMs, session: session.toJSON() });
    const written = await this.#rows.write({ sessionId, owner, version, expiresAtMs, record }, savedAtMs);
    if (!written) throw conflict(sessionId, version);
    this.#versions.set(session, version);
  }

  async open(sessionId: string, { owner }: { readonly owner: string }): Promise<AgentSession | null> {
    checkOwner(owner);
    const record = await this.#rows.read(sessionId, owner, Date.now());
    if (record === null) return null;
    const stored = parseRecord(record, quotedId(sessionId));
    const session = AgentSession.fromJSON(stored.session);
    if (session.sessionId !== sessionId) throw unreadable(quotedId(sessionId), 'it holds another session');
    this.#versions.set(session, stored.version);
    return session;
  }

  async list(
    owner: string,
    { limit = 50, after }: { readonly limit?: number | undefined; readonly after?: string | undefined } = {},
  ): Promise<readonly SavedSession[]> {
    checkOwner(owner);
    if (!Number.isSafeInteger(limit) || limit < 1 || limit > MAX_PAGE)
      throw new AgentError('input_invalid', `limit is ${limit}; it must be a whole number from 1 to ${MAX_PAGE}.`);
    const records = await this.#rows.list(owner, { after: after ?? null, limit }, Date.now());
    return records.map(savedSession);
  }

  async delete(sessionId: string, { owner }: { readonly owner: string }): Promise<boolean> {
    checkOwner(owner);
    return this.#rows.remove(sessionId, owner, Date.now());
  }
}

interface StoredSession {
  readonly format: 1;
  readonly version: number;
  readonly savedAtMs: number;
  readonly expiresAtMs: number | null;
  /** `AgentSession.fromJSON` reads the rest of it. */
  readonly session: { readonly sessionId: string };
}

const storedSession: json.Reader<StoredSession> = json.exactly<StoredSession>({
  format: json.oneOf(1),
  version: json.countFrom(1),
  savedAtMs: json.milliseconds,
  expiresAtMs: json.nullable(json.milliseconds),
  session: json.object({ sessionId: json.id }),
});

function parseRecord(record: string, name: string): StoredSession {
  const refuse = (problem: string): AgentError => unreadable(name, problem);
  return json.read(json.parse(record, refuse), storedSession, refuse);
}

/** What a listing shows of a record. */
export function savedSession(record: string): SavedSession {
  const { savedAtMs, expiresAtMs, session } = parseRecord(record, 'of this owner');
  return { sessionId: session.sessionId, savedAtMs, expiresAtMs };
}

function checkOwner(owner: unknown): void {
  if (typeof owner === 'string' && owner !== '') return;
  throw new AgentError(
    'input_invalid',
    'owner must be a string of at least one character: who the session belongs to.',
  );
}

function checkedTtl(ttlMs: number): number {
  if (Number.isSafeInteger(ttlMs) && ttlMs > 0) return ttlMs;
  throw new AgentError('input_invalid', `ttlMs is ${ttlMs}; it must be a whole number of milliseconds, at least 1.`);
}

// The same message whether the id is another owner's or the session was saved elsewhere, so that it reveals neither.
function conflict(sessionId: string, version: number): AgentError {
  const what = version === 1 ? 'is stored already' : `is no longer at version ${version - 1}`;
  return new AgentError(
    'session_conflict',
    `Session ${quotedId(sessionId)} ${what}. Open it again and repeat the change.`,
  );
}

function unreadable(name: string, problem: string): AgentError {
  return new AgentError('session_invalid', `The stored session ${name} cannot be read: ${problem}.`);
}
