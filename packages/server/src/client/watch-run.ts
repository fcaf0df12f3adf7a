// A background run as somebody watches it: its events from any point on, over as many connections as it takes.
import { AgentError } from '@turnstream/core';
import { backoffMs, isTransient, leavable, sleep } from '@turnstream/core/seams';
import { isTerminal, type ServerEvent } from '../events/wire.ts';
import { ask, type Connection } from './connection.ts';
import { errorFromEvent, parseEvent, type ReadEvent } from './parse-event.ts';
import { readFrames, truncated } from './read-frames.ts';

/** Options of `watchRun`. */
export interface WatchOptions extends Connection {
  readonly runId: string;
  /** Resumes after this event; by default starts at the beginning. */
  readonly lastEventId?: string | undefined;
  /** Ends the watching with its own reason. The run continues. */
  readonly signal?: AbortSignal | undefined;
}

/** An event of the run, and the `lastEventId` to resume after it. */
export interface WatchedEvent {
  readonly id: string;
  readonly event: ReadEvent;
}

const PAUSES = { firstMs: 500, longestMs: 15_000 };
/** So many connections in a row without anything new end the watching. */
const MAX_FAILURES = 10;

/**
 * Yields the events of `GET /runs/:id/events`. If the connection breaks, it reconnects with `Last-Event-ID`, after
 * growing pauses that are at least as long as the server asks for. No event is repeated or missing; a `session` event
 * says whether the following text is appended or replaces what was there. Ends after `done`.
 *
 * Rejects with the code of the run's `error` event or of a refusal, with `stream_malformed` for events out of order,
 * with the last of ten consecutive failures, or with the signal's reason.
 */
export function watchRun(options: WatchOptions): AsyncGenerator<WatchedEvent, undefined> {
  const leaving = new AbortController();
  const { signal: caller } = options;
  const signal = caller === undefined ? leaving.signal : AbortSignal.any([caller, leaving.signal]);
  return leavable(connections({ ...options, signal }), () => leaving.abort());
}

/** One connection after the other. */
async function* connections(
  options: WatchOptions & { readonly signal: AbortSignal },
): AsyncGenerator<WatchedEvent, undefined> {
  const view = new View(options);
  for (let failures = 0; ; ) {
    const before = view.lastEventId;
    try {
      yield* view.events();
      return;
    } catch (error) {
      options.signal.throwIfAborted();
      if (!isTransient(error) || view.isOver) throw error;
      failures = view.lastEventId === before ? failures + 1 : 1;
      if (failures >= MAX_FAILURES) throw error;
      await sleep(backoffMs(failures - 1, PAUSES, error.retryAfterMs), options.signal);
    }
  }
}

class View {
  lastEventId: string | undefined;
  /** The run has ended with an error of its own: asking again finds the same one. */
  isOver = false;
  readonly #options: WatchOptions;
  #seq: number;

  constructor(options: WatchOptions) {
    this.#options = options;
    this.lastEventId = options.lastEventId;
    this.#seq = sequenceOf(options.lastEventId ?? '', options.runId) ?? 0;
  }

  /** Those of one connection. Ends with the run, and rejects where the connection does before. */
  async *events(): AsyncGenerator<WatchedEvent, undefined> {
    const { runId, signal } = this.#options;
    const headers: Record<string, string> = this.lastEventId === undefined ? {} : { 'last-event-id': this.lastEventId };
    const response = await ask(this.#options, `/runs/${encodeURIComponent(runId)}/events`, { headers, signal });
    // Nothing follows the last event: the reader has everything.
    if (response.status === 204) return;
    for await (const { id = '', event: name, data } of readFrames(response)) {
      signal?.throwIfAborted();
      const event = parseEvent(name, data);
      if (event === null || !this.#isNext(id, event)) continue;
      if (event.type === 'error') throw errorFromEvent(event);
      yield { id, event };
      if (isTerminal(event)) return;
    }
    throw truncated();
  }

  /** Takes note of an event; false for one that was there before. */
  #isNext(id: string, event: ServerEvent): boolean {
    const seq = sequenceOf(id, this.#options.runId);
    // The server did not know our id, and begins again.
    const isAnew = event.type === 'session' && event.mode === 'replace' && seq === 1;
    if (isAnew) this.#seq = 0;
    // The frame that opens a connection, and an error of the connection alone, stand at the event that we have.
    if (seq === this.#seq) return event.type === 'session' || event.type === 'error';
    if (seq !== null && seq < this.#seq) return false;
    if (seq !== this.#seq + 1) {
      throw new AgentError('stream_malformed', `Event ${String(seq)} of the run came after event ${this.#seq}.`);
    }
    this.#seq = seq;
    this.lastEventId = id;
    this.isOver = event.type === 'error';
    return true;
  }
}

function sequenceOf(id: string, runId: string): number | null {
  const [run, number] = id.split(':');
  const seq = Number(number);
  return run === runId && Number.isSafeInteger(seq) && seq >= 0 ? seq : null;
}
