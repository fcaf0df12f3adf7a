// Session records in this process's memory: for tests, and for servers that may forget.
import { canReplaceRow, type SessionRow, type SessionRows, StoredSessions, unexpiredRow } from './stored.ts';

/** Keeps session records in a map; they are gone when the process ends. */
export class MemorySessions extends StoredSessions {
  constructor() {
    super(new MemorySessionRows());
  }
}

class MemorySessionRows implements SessionRows {
  readonly #rows = new Map<string, SessionRow>();

  async read(sessionId: string, owner: string, nowMs: number): Promise<string | null> {
    const row = this.#live(sessionId, nowMs);
    return row?.owner === owner ? row.record : null;
  }

  async write(row: SessionRow, nowMs: number): Promise<boolean> {
    if (!canReplaceRow(row, this.#live(row.sessionId, nowMs))) return false;
    this.#rows.set(row.sessionId, row);
    return true;
  }

  async list(
    owner: string,
    { after, limit }: { readonly after: string | null; readonly limit: number },
    nowMs: number,
  ): Promise<readonly string[]> {
    return [...this.#rows.keys()]
      .filter((sessionId) => after === null || sessionId > after)
      .toSorted()
      .map((sessionId) => this.#live(sessionId, nowMs))
      .filter((row) => row?.owner === owner)
      .slice(0, limit)
      .flatMap((row) => row?.record ?? []);
  }

  async remove(sessionId: string, owner: string, nowMs: number): Promise<boolean> {
    if (this.#live(sessionId, nowMs)?.owner !== owner) return false;
    return this.#rows.delete(sessionId);
  }

  #live(sessionId: string, nowMs: number): SessionRow | null {
    const row = unexpiredRow(this.#rows.get(sessionId), nowMs);
    if (row === null) this.#rows.delete(sessionId);
    return row;
  }
}
