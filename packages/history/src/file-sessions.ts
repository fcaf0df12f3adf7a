// Session records in files: one file a session, replaced as a whole.
import { readdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { AgentError } from '@turnstream/core';
import {
  canReplaceRow,
  json,
  type SessionRow,
  type SessionRows,
  StoredSessions,
  unexpiredRow,
} from '@turnstream/core/seams';
import { withClaim } from './claim.ts';
import { onDisk } from './disk-error.ts';
import { hasCode, openPrivate, removeFile, replacePrivate, syncDirectory } from './private-file.ts';
import { storedId } from './stored-id.ts';

const SUFFIX = '.session';

/** Stores session records in a directory, which may be that of a `FileHistory`. `list` reads every record in it. */
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
    const row = await onDisk(this.#directory, () => this.#live(nameOf(sessionId), nowMs));
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
    return onDisk(this.#directory, async () => {
      const records: string[] = [];
      for (const name of await this.#names()) {
        if (after !== null && name <= nameOf(after)) continue;
        const row = await this.#live(name, nowMs);
        if (row === null) await this.#sweep(name, nowMs);
        else if (row.owner === owner) records.push(row.record);
        if (records.length === limit) break;
      }
      return records;
    });
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

const storedRow: json.Reader<SessionRow> = json.exactly<SessionRow>({
  sessionId: json.id,
  owner: json.id,
  version: json.countFrom(1),
  expiresAtMs: json.nullable(json.milliseconds),
  record: json.string,
});

function parseRow(text: string, file: string): SessionRow {
  const refuse = (problem: string): AgentError =>
    new AgentError('session_invalid', `The stored session in ${file} cannot be read: ${problem}.`);
  return json.read(json.parse(text, refuse), storedRow, refuse);
}
