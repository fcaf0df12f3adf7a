// One stream of server-sent events on one response: frames nothing can forge, and backpressure with a limit.
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { AgentError } from '@turnstream/core';
import { KEEP_ALIVE, SSE_HEADERS } from '../events/frame.ts';

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

export class SseWriter {
  readonly #raw: ServerResponse;
  readonly #options: SseOptions;
  readonly #keepAlive: ReturnType<typeof setInterval>;
  #joined = '';

  /** Answers with the headers in this turn of the event loop: a reader knows that it is heard long before the first word. */
  constructor(raw: ServerResponse, options: SseOptions) {
    this.#raw = raw;
    this.#options = options;
    this.#raw.on('error', () => {});
    this.#raw.writeHead(200, { ...options.headers, ...SSE_HEADERS });
    this.#keepAlive = setInterval(() => this.#comment(), options.keepAliveMs);
    // After the first frame, if that is here by then.
    process.nextTick(() => this.#raw.flushHeaders());
  }

  /**
   * Sends one frame: those of one turn of the event loop go out together, at its end. Resolves when the reader has room for
   * more, which is what slows the model down; rejects with the reason when it has gone, and with `reader_too_slow` when it
   * has taken nothing for too long.
   */
  async write(frame: string): Promise<void> {
    this.#options.gone.throwIfAborted();
    if (this.#joined === '') process.nextTick(this.#flush);
    this.#joined += frame;
    if (this.#joined.length >= MAX_JOINED) this.#flush();
    if (this.#raw.writableNeedDrain) await this.#drained();
  }

  /** Nothing follows. Resolves when the reader has room for the rest or was cut off. */
  async end(): Promise<void> {
    clearInterval(this.#keepAlive);
    this.#flush();
    if (this.#raw.writableNeedDrain) await this.#drained().catch(() => {});
    this.#raw.end();
  }

  readonly #flush = (): void => {
    if (this.#joined === '') return;
    this.#keepAlive.refresh();
    this.#raw.write(this.#joined);
    this.#joined = '';
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
    gone.addEventListener('abort', stop, { once: true });
    stopping.addEventListener('abort', hurry, { once: true });
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
