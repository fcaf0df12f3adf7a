// One stream of server-sent events on one response: frames nothing can forge, and backpressure with a limit.
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { AgentError } from '@turnstream/core';
import { KEEP_ALIVE, SSE_HEADERS } from '../events/frame.ts';
import type { Room } from './each-update.ts';

/** The values that `OutgoingHttpHeaders` allows. */
export type Headers = Readonly<Record<string, number | string | string[] | undefined>>;

export interface SseOptions {
  /** Aborted with its reason when the reader is gone. */
  readonly gone: AbortSignal;
  /** Aborted when the server goes away: then a reader has a second to take what was written. */
  readonly stopping: AbortSignal;
  /** Sent in addition to the headers of a stream. */
  readonly headers?: Headers;
  readonly keepAliveMs: number;
  readonly stalledReaderMs: number;
}

const LAST_CHANCE_MS = 1_000;

/** So many characters wait at most for the end of the turn. */
const MAX_JOINED = 16_384;

/** Aborted, with a reason of its own, when the reader is gone before the response was whole. */
export function readerGone(raw: ServerResponse): AbortSignal {
  const gone = new AbortController();
  const left = (): void => {
    if (!raw.writableFinished) gone.abort(new ReaderGone());
  };
  if (raw.destroyed) left();
  else raw.once('close', left);
  return gone.signal;
}

export class ReaderGone extends Error {
  override readonly name = 'ReaderGone';

  constructor() {
    super('the reader has gone');
  }
}

/** Sends the last frame of an answer that failed. A reader that is gone too, or takes nothing, changes nothing any more. */
export async function writeLast(write: (frame: string) => Room, frame: string): Promise<void> {
  try {
    await write(frame);
  } catch {
    // Why it failed is known already.
  }
}

export class SseWriter {
  readonly #raw: ServerResponse;
  readonly #options: SseOptions;
  readonly #keepAlive: ReturnType<typeof setInterval>;
  #joined = '';
  #isBegun = false;

  /** Answers with the headers in this turn of the event loop: a reader knows that it is heard long before the first word. */
  constructor(raw: ServerResponse, options: SseOptions) {
    this.#raw = raw;
    this.#options = options;
    this.#raw.on('error', () => {});
    this.#raw.writeHead(200, { ...options.headers, ...SSE_HEADERS });
    this.#keepAlive = setInterval(() => this.#comment(), options.keepAliveMs);
    process.nextTick(this.#flush);
  }

  /**
   * Sends one frame: those of one turn of the event loop go out together, at its end. Returns what resolves when the reader
   * has room for more, which is what slows the model down, and rejects with `reader_too_slow` when it has taken nothing for
   * too long; undefined when it has room. Throws the reason when the reader has gone.
   */
  write(frame: string): Room {
    this.#options.gone.throwIfAborted();
    if (this.#joined === '') process.nextTick(this.#flush);
    this.#joined += frame;
    if (this.#joined.length >= MAX_JOINED) this.#flush();
    return this.#raw.writableNeedDrain ? this.#drained() : undefined;
  }

  /** Nothing follows. Resolves when the reader has room for the rest or was cut off. */
  async end(): Promise<void> {
    clearInterval(this.#keepAlive);
    this.#flush();
    if (this.#raw.writableNeedDrain) await this.#drained().catch(() => {});
    this.#raw.end();
  }

  /** The head goes out with the first frames, if they are here by then. */
  readonly #flush = (): void => {
    if (this.#joined !== '') {
      this.#keepAlive.refresh();
      this.#raw.write(this.#joined);
      this.#joined = '';
    } else if (!this.#isBegun) this.#raw.flushHeaders();
    this.#isBegun = true;
  };

  async #drained(): Promise<void> {
    const { gone, stopping, stalledReaderMs } = this.#options;
    const waited = new AbortController();
    const stop = (): void => waited.abort();
    let timer = setTimeout(stop, stalledReaderMs);
    const hurry = (): void => {
      clearTimeout(timer);
      timer = setTimeout(stop, Math.min(LAST_CHANCE_MS, stalledReaderMs));
    };
    gone.addEventListener('abort', stop);
    stopping.addEventListener('abort', hurry);
    if (stopping.aborted) hurry();
    try {
      await once(this.#raw, 'drain', { signal: waited.signal });
    } catch {
      gone.throwIfAborted();
      // What is written waits in memory for a reader that does not read: there is no way to tell it.
      this.#raw.destroy();
      throw new AgentError('reader_too_slow', 'The reader was too slow and was cut off.');
    } finally {
      clearTimeout(timer);
      gone.removeEventListener('abort', stop);
      stopping.removeEventListener('abort', hurry);
    }
  }

  /** Keeps proxies from closing a silent connection. Skipped while the reader has unread bytes. */
  #comment(): void {
    if (this.#raw.writableLength === 0) this.#raw.write(KEEP_ALIVE);
  }
}
