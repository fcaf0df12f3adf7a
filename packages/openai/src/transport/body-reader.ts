// The reader of a body that comes from a Node stream: a promise for each read, and no stream of the fetch API around it.
import type { Readable } from 'node:stream';

/** How much may wait to be read before the sender is held up. */
const HIGH_WATER_BYTES = 64 * 1024;

type Read = Awaited<ReturnType<ReadableStreamDefaultReader<Uint8Array>['read']>>;

export class BodyReader {
  readonly #source: Readable;
  readonly #signal: AbortSignal | undefined;
  readonly #chunks: Uint8Array[] = [];
  #bytes = 0;
  #waiting: PromiseWithResolvers<Read> | null = null;
  #end: 'open' | 'over' | { readonly error: unknown } = 'open';

  constructor(source: Readable, signal: AbortSignal | undefined) {
    this.#source = source;
    this.#signal = signal;
    source.on('data', this.#received);
    source.on('end', this.#ended);
    source.on('error', this.#failed);
    // A stream that was destroyed without an error says nothing else.
    source.on('close', this.#closed);
  }

  /** One read at a time. Rejects with the signal's reason, or as fetch does when the connection broke. */
  read(): Promise<Read> {
    const value = this.#chunks.shift();
    if (value !== undefined) {
      this.#bytes -= value.length;
      if (this.#bytes < HIGH_WATER_BYTES && this.#source.isPaused()) this.#source.resume();
      return Promise.resolve({ done: false, value });
    }
    if (this.#end === 'over') return Promise.resolve({ done: true, value: undefined });
    if (this.#end !== 'open') return Promise.reject(this.#end.error);
    this.#waiting = Promise.withResolvers();
    return this.#waiting.promise;
  }

  /** Closes the connection. */
  async cancel(): Promise<void> {
    this.#chunks.length = 0;
    this.#finish('over');
    this.#source.destroy();
  }

  readonly #received = (chunk: Uint8Array): void => {
    const waiting = this.#waiting;
    if (waiting !== null) {
      this.#waiting = null;
      waiting.resolve({ done: false, value: chunk });
      return;
    }
    this.#chunks.push(chunk);
    this.#bytes += chunk.length;
    if (this.#bytes >= HIGH_WATER_BYTES) this.#source.pause();
  };

  readonly #ended = (): void => this.#finish('over');

  readonly #failed = (error: unknown): void => {
    const isAborted = this.#signal?.aborted === true;
    this.#finish({ error: isAborted ? this.#signal?.reason : new TypeError('terminated', { cause: error }) });
  };

  readonly #closed = (): void => {
    if (this.#end === 'open') this.#failed(new Error('the connection was closed'));
  };

  #finish(end: 'over' | { readonly error: unknown }): void {
    if (this.#end !== 'open') return;
    this.#end = end;
    if (end === 'over') this.#waiting?.resolve({ done: true, value: undefined });
    else this.#waiting?.reject(end.error);
    this.#waiting = null;
  }
}
