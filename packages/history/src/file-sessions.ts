// Session records in files: one file a session, replaced as a whole.
import { readdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { AgentError } from '@turnstream/core';
import { canReplaceRow, type SessionRow, type SessionRows, StoredSessions, unexpiredRow } from '@turnstream/core/seams';
import { withClaim } from './claim.ts';
import { hasCode, openPrivate, removeFile, replacePrivate, syncDirectory } from './private-file.ts';
import { storedId } from './stored-id.ts';

const SUFFIX = '.session';

/** Session records in a directory, which may be that of a `FileHistory`. A listing reads every record in it. */
export class FileSessions extends StoredSessions {
  constructor(directory: string) {
    super(new FileSessionRows(resolve(directory)));
  }
}

class FileSessionRows implements SessionRows {
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
  }

  async read(sessionId: string, owner: string, nowMs: number): Promise<string | null> {
    const row = await this.#live(nameOf(sessionId), nowMs);
    return row?.owner === owner ? row.record : null;
  }

  async write(row: SessionRow, nowMs: number): Promise<boolean> {
    const name = nameOf(row.sessionId);
    return withClaim(this.#directory, name, async () => {
      if (!canReplaceRow(row, await this.#live(name, nowMs))) return false;
      await replacePrivate(this.#path(name), this.#directory, JSON.stringify(row));
      return true;
    });
  }

  async list(
    owner: string,
    { after, limit }: { readonly after: string | null; readonly limit: number },
    nowMs: number,
  ): Promise<readonly string[]> {
    const records: string[] = [];
    for (const name of await this.#names()) {
      if (after !== null && name <= nameOf(after)) continue;
      const row = await this.#live(name, nowMs);
      if (row === null) await this.#sweep(name, nowMs);
      else if (row.owner === owner) records.push(row.record);
      if (records.length === limit) break;
    }
    return records;
  }

  async remove(sessionId: string, owner: string, nowMs: number): Promise<boolean> {
    const name = nameOf(sessionId);
    return withClaim(this.#directory, name, async () => {
      if ((await this.#live(name, nowMs))?.owner !== owner) return false;
      const wasThere = await removeFile(this.#path(name));
      await syncDirectory(this.#directory);
      return wasThere;
    });
  }

  async #sweep(name: string, nowMs: number): Promise<void> {
    await withClaim(this.#directory, name, async () => {
      if ((await this.#live(name, nowMs)) === null) await removeFile(this.#path(name));
    });
  }

  async #live(name: string, nowMs: number): Promise<SessionRow | null> {
    await using handle = await openPrivate(this.#path(name), 'read');
    if (handle === null) return null;
    return unexpiredRow(parseRow(await handle.readFile('utf8'), this.#path(name)), nowMs);
  }

  async #names(): Promise<string[]> {
    try {
      const files = await readdir(this.#directory);
      return files
        .filter((file) => file.endsWith(SUFFIX))
        .map((file) => file.slice(0, -SUFFIX.length))
        .toSorted();
    } catch (error) {
      if (hasCode(error, 'ENOENT')) return [];
      throw error;
    }
  }

  #path(name: string): string {
    return `${this.#directory}/${name}${SUFFIX}`;
  }
}

function nameOf(sessionId: string): string {
  return `id-${storedId(sessionId, 'file')}`;
}

function parseRow(text: string, file: string): SessionRow {
  const row = parsed(text, file);
  const whole =
    typeof row?.sessionId === 'string' &&
    typeof row.owner === 'string' &&
    typeof row.version === 'number' &&
    (row.expiresAtMs === null || typeof row.expiresAtMs === 'number') &&
    typeof row.record === 'string';
  if (!whole)
    throw new AgentError('session_invalid', `The stored session in ${file} cannot be read: a member is missing.`);
  return row;
}

function parsed(text: string, file: string): SessionRow | null {
  try {
    return JSON.parse(text) as SessionRow | null;
  } catch {
    throw new AgentError('session_invalid', `The stored session in ${file} cannot be read: it is not JSON.`);
  }
}
