// One model call from the request to the last byte, over either transport, and the log of all calls.

import { type IncomingRequest, type LiveRequest, type RecordedRequest, recordRequest } from '../request/recorded.ts';
import { httpError } from '../script/reply.ts';
import type { Step } from '../script/step.ts';
import type { PlannedWrite } from '../wire/body-plan.ts';
import { type BytePlan, planBytes } from '../wire/byte-plan.ts';

/**
 * A model: maps a request to a step. `number` counts the model calls from 1. May throw an Error with a message for the
 * author of the script.
 */
export type Respond = (request: RecordedRequest, number: number) => Step | BytePlan;

/** The transport's side of an answer. */
export interface Sink {
  /** Settles when the reader took the bytes, so a slow reader slows the model down; false when the reader is gone. */
  write(bytes: Uint8Array): Promise<boolean>;
  /** Ends the answer cleanly after the written bytes. */
  end(): void;
  /** Breaks the connection. */
  reset(): void;
}

// Captured now, so that a test which fakes timers later does not stop the model between two writes. Browsers have none.
const nextTurn = globalThis.setImmediate ?? ((run: () => void) => setTimeout(run, 0));

export class Exchange {
  readonly plan: BytePlan;
  readonly #live: LiveRequest;
  readonly #settleClosed: () => void;
  readonly #over = new AbortController();
  #ended = false;

  constructor(plan: BytePlan, live: LiveRequest, settleClosed: () => void) {
    this.plan = plan;
    this.#live = live;
    this.#settleClosed = settleClosed;
  }

  /** The transport saw the reader leave. Stops writing and marks the request, unless the answer had ended. */
  readerLeft(): void {
    if (this.#over.signal.aborted) return;
    this.#live.closedEarly = !this.#ended;
    this.close();
  }

  /** The model itself stops: it ends all waits and writes nothing more. */
  close(): void {
    // Nothing reads the reason. abort() without one would create an error, with its stack trace, for every answer.
    this.#over.abort(null);
    this.#settleClosed();
  }

  /** The wait before the headers. False when the reader left during it. */
  async ready(): Promise<boolean> {
    await pause(this.plan.delayMs, this.#over.signal);
    return !this.#over.signal.aborted;
  }

  /** Sends the answer. When the model itself stops before the end, the connection breaks. */
  async play(sink: Sink): Promise<void> {
    await this.#playTo(sink);
    await this.#live.closed;
    if (!this.#ended && !this.#live.closedEarly) sink.reset();
  }

  async #playTo(sink: Sink): Promise<void> {
    const { writes, ending } = this.plan;
    let taken: Promise<void> | undefined;
    for (const planned of typeof writes === 'function' ? writes(this.#over.signal) : writes) {
      await taken;
      const write = planned instanceof Promise ? await planned : planned;
      if (write !== null) await this.#turn(write.delayMs);
      if (write === null || this.#over.signal.aborted) return;
      taken = this.#send(write, sink);
    }
    if (ending === 'silence') return;
    if (ending === 'reset') {
      await taken;
      // The bytes sent so far must arrive, and breaking a connection discards its buffer.
      await this.#turn(0);
    }
    // Ends in the same tick as the last bytes, so a reader that leaves on the end mark does not count as early.
    this.#ended = true;
    if (ending === 'reset') sink.reset();
    else sink.end();
    await taken;
    this.close();
  }

  async #send({ bytes, chunksSent }: PlannedWrite, sink: Sink): Promise<void> {
    if (!(await sink.write(bytes))) return;
    this.#live.bytesSent += bytes.length;
    this.#live.chunksSent = chunksSent;
  }

  /** Called by a transport for bytes it could not stop in time. */
  wroteTooLate(bytes: number): void {
    this.#live.bytesAfterLeaving += bytes;
  }

  /** Lets the reader run between two writes, then waits as scripted. */
  async #turn(delayMs: number): Promise<void> {
    if (delayMs > 0) return pause(delayMs, this.#over.signal);
    return new Promise((resolve) => {
      nextTurn(resolve);
    });
  }
}

export class Exchanges {
  readonly requests: RecordedRequest[] = [];
  /** Requests that the model had no answer for. */
  readonly problems: string[] = [];
  readonly #respond: Respond;
  readonly #keep: number;
  readonly #open = new Set<Exchange>();
  #calls = 0;

  /** `keep`: how many requests are kept; all by default. */
  constructor(respond: Respond, options: { readonly keep?: number } = {}) {
    this.#respond = respond;
    this.#keep = options.keep ?? Number.POSITIVE_INFINITY;
  }

  open(incoming: IncomingRequest): Exchange {
    const { promise: closed, resolve: settleClosed } = Promise.withResolvers<void>();
    const live = recordRequest(incoming, closed);
    this.requests.push(live);
    if (this.requests.length > this.#keep) this.requests.shift();
    if (live.responseId === null) this.#calls += 1;
    const exchange = new Exchange(this.#planFor(live, this.#calls), live, settleClosed);
    this.#open.add(exchange);
    void closed.then(() => this.#open.delete(exchange));
    return exchange;
  }

  closeAll(): void {
    for (const exchange of this.#open) exchange.close();
  }

  #planFor(request: RecordedRequest, number: number): BytePlan {
    try {
      const answer = this.#respond(request, number);
      return 'kind' in answer ? planBytes(answer, request, number) : answer;
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      this.problems.push(message);
      const step = httpError(500, { message, type: 'testkit', code: 'unscripted_call', headers: doNotRetry });
      return planBytes(step, request, number);
    }
  }
}

/** OpenAI's clients obey it and do not retry, so a scripting mistake is reported once and immediately. */
const doNotRetry = { 'x-should-retry': 'false' };

/**
 * Resolves after `ms` or as soon as the signal aborts. Looks up the timers on each call, so that tests can fake them.
 */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (ms <= 0 || signal.aborted) return resolve();
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done);
  });
}
