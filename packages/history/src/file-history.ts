// A history in JSON Lines: one file per conversation, one line per turn, appended. Only a truncate rewrites the file.
import type { FileHandle } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { HistoryProvider, LoadedHistory, Message } from '@turnstream/core';
import {
  checkLastTurns,
  historyConflict,
  type LoadOptions,
  lastTurnsOf,
  loadedHistory,
  quotedId,
  removesTurns,
  type SessionKey,
} from '@turnstream/core/seams';
import { withClaim } from './claim.ts';
import { onDisk } from './disk-error.ts';
import { type Counts, countsIn, isTruncateLine, truncateLine, turnLine } from './file-line.ts';
import { readEnd, readRange } from './line-file.ts';
import {
  createPrivate,
  openPrivate,
  removeFile,
  replacePrivate,
  syncDirectory,
  unfinished,
  writeAt,
} from './private-file.ts';
import { corrupt, decodeTurns, encodeMessages } from './record.ts';
import { storedId } from './stored-id.ts';

/** What a writer left that did not get to the end of its line. That turn was never acknowledged. */
export interface TornTail {
  readonly sessionId: string;
  /** Where the bytes are now, out of the way of the turns. */
  readonly file: string;
  readonly bytes: number;
}

/** Options of `FileHistory`. */
export interface FileHistoryOptions {
  /** Hears of a torn tail when it is set aside. Left out, Node prints a warning. */
  readonly onTornTail?: ((tail: TornTail) => void) | undefined;
}

/**
 * Keeps conversations in a directory, which is made when the first turn is stored. A turn is acknowledged when the disk
 * has it. Processes of one machine may share the directory: their appends come one after the other.
 */
export class FileHistory implements HistoryProvider {
  readonly #directory: string;
  readonly #onTornTail: (tail: TornTail) => void;

  constructor(directory: string, options: FileHistoryOptions = {}) {
    this.#directory = resolve(directory);
    this.#onTornTail = options.onTornTail ?? warnOfTornTail;
  }

  async load({ sessionId }: SessionKey, { lastTurns }: LoadOptions = {}): Promise<LoadedHistory> {
    checkLastTurns(lastTurns);
    return onDisk(this.#directory, () => this.#read(sessionId, lastTurns));
  }

  async append({ sessionId }: SessionKey, turn: readonly Message[], version: number): Promise<{ version: number }> {
    const messages = encodeMessages(turn);
    const { file } = this.#paths(sessionId);
    return this.#claim(sessionId, async () => {
      await using handle =
        version === 0 ? await createPrivate(file, this.#directory, 'create') : await openPrivate(file, 'readWrite');
      if (handle === null) throw historyConflict(sessionId, 0, version);
      const { counts, end } = await this.#mend(sessionId, handle);
      if (counts.version !== version) throw historyConflict(sessionId, counts.version, version);
      const next = { turnCount: counts.turnCount + 1, version: version + 1 };
      await appendDurably(handle, Buffer.from(turnLine(next, messages)), end);
      if (version === 0) await syncDirectory(this.#directory);
      return { version: next.version };
    });
  }

  async truncate(session: SessionKey, turnCount: number, version: number): Promise<{ version: number }> {
    const { sessionId } = session;
    const { file } = this.#paths(sessionId);
    return this.#claim(sessionId, async () => {
      const { lines, counts } = await this.#readWhole(sessionId);
      if (!removesTurns(session, { turnCount, version }, counts)) return { version };
      const records = lines.filter((line) => !isTruncateLine(line));
      // An unreadable history is refused, not rewritten: the error is worth more than the half that would remain.
      decodeTurns(records, { sessionId, turnCount: counts.turnCount });
      const kept = records.slice(0, turnCount).map((line) => `${line}\n`);
      const next = { turnCount, version: version + 1 };
      await replacePrivate(file, this.#directory, [...kept, truncateLine(next)].join(''));
      return { version: next.version };
    });
  }

  async clear({ sessionId }: SessionKey): Promise<void> {
    const { file, torn } = this.#paths(sessionId);
    await this.#claim(sessionId, async () => {
      const removed = [await removeFile(unfinished(file)), await removeFile(file), await removeFile(torn)];
      if (removed.includes(true)) await syncDirectory(this.#directory);
    });
  }

  async #read(sessionId: string, lastTurns: number | undefined): Promise<LoadedHistory> {
    const { file } = this.#paths(sessionId);
    await using handle = await openPrivate(file, 'read');
    if (handle === null) return loadedHistory([], { turnCount: 0, version: 0 });
    // The last line has the counts, so one line is read even when no turn is asked for; one of the lines may not be a turn.
    const count = lastTurns === undefined ? undefined : lastTurns + 1;
    let { lines, end, size } = await readEnd(handle, count);
    if (end < size) {
      // Torn, or being written right now: taking the claim tells which.
      await this.#claim(sessionId, async () => {
        await using writable = await openPrivate(file, 'readWrite');
        if (writable !== null) await this.#mend(sessionId, writable);
      });
      ({ lines, end, size } = await readEnd(handle, count));
    }
    const texts = lines.map((line) => text(line, sessionId));
    const counts = countsIn(texts.at(-1) ?? null, sessionId);
    const records = texts.filter((line) => !isTruncateLine(line));
    const asked = { sessionId, turnCount: counts.turnCount, lastTurns };
    return loadedHistory(decodeTurns(lastTurnsOf(records, lastTurns), asked), counts);
  }

  /** All lines of a file. Only under the claim. */
  async #readWhole(sessionId: string): Promise<{ readonly lines: readonly string[]; readonly counts: Counts }> {
    await using handle = await openPrivate(this.#paths(sessionId).file, 'readWrite');
    if (handle === null) return { lines: [], counts: countsIn(null, sessionId) };
    const { counts } = await this.#mend(sessionId, handle);
    const { lines } = await readEnd(handle);
    return { lines: lines.map((line) => text(line, sessionId)), counts };
  }

  /** Sets a torn tail aside. Only under the claim: without it the tail may be a line that is being written. */
  async #mend(sessionId: string, handle: FileHandle): Promise<{ readonly counts: Counts; readonly end: number }> {
    const { torn } = this.#paths(sessionId);
    const { lines, end, size } = await readEnd(handle, 1);
    if (end < size) {
      await using aside = await createPrivate(torn, this.#directory, 'append');
      await aside.appendFile(await readRange(handle, end, size));
      await aside.sync();
      await syncDirectory(this.#directory);
      await handle.truncate(end);
      await handle.sync();
      this.#onTornTail({ sessionId, file: torn, bytes: size - end });
    }
    const last = lines.at(-1);
    return { counts: countsIn(last === undefined ? null : text(last, sessionId), sessionId), end };
  }

  #claim<T>(sessionId: string, work: () => Promise<T>): Promise<T> {
    return withClaim(this.#directory, this.#paths(sessionId).name, work);
  }

  #paths(sessionId: string): { readonly name: string; readonly file: string; readonly torn: string } {
    // The prefix keeps names off those that Windows reserves, such as `con`.
    const name = `id-${storedId(sessionId, 'file')}`;
    return { name, file: `${this.#directory}/${name}.jsonl`, torn: `${this.#directory}/${name}.torn` };
  }
}

function text(line: Uint8Array, sessionId: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(line);
  } catch {
    throw corrupt(`a line of session ${quotedId(sessionId)}`, 'is not UTF-8');
  }
}

async function appendDurably(handle: FileHandle, line: Uint8Array, end: number): Promise<void> {
  try {
    await writeAt(handle, line, end);
    await handle.datasync();
  } catch (error) {
    // A turn that was not acknowledged must not be there. Where even this fails, it is a torn tail to the next one.
    await handle.truncate(end).catch(() => {});
    throw error;
  }
}

function warnOfTornTail({ sessionId, file, bytes }: TornTail): void {
  process.emitWarning(
    `The last append to session ${quotedId(sessionId)} was cut off. Its ${bytes} bytes are in ${file}; the turns before it are whole.`,
    { code: 'TURNSTREAM_TORN_TAIL' },
  );
}
