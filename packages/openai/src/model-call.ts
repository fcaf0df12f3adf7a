// One model call as one hand-written async iterator: frames go into a queue, pulls come out of it, nothing is wrapped.
import { AgentError, type ChatUpdate } from '@turnstream/core';
import type { EventSourceParser } from 'eventsource-parser';
import type { Answer } from './answer.ts';
import { closeBody, frameParser, isEventStream, letDrain, readJson } from './answer-body.ts';
import { requestError } from './http-error.ts';
import { safeCause } from './redaction.ts';
import { type CallContext, requestIdOf } from './service-error.ts';

export interface ModelCallPlan {
  /** The caller's; aborting it ends the call with its reason. */
  readonly signal: AbortSignal;
  /** Sends the request. Called at the first pull; the signal closes the connection whenever it is aborted. */
  readonly request: (signal: AbortSignal) => Promise<Response>;
  readonly answer: Answer;
  readonly context: CallContext;
}

type Pull = IteratorResult<ChatUpdate, undefined>;

/**
 * An answer that is finished is waited on this long for its usage. Services send that in the same burst; a connection
 * held open without it must not hold the run, and a second after the finish mark is felt as hanging.
 */
const USAGE_GRACE_MS = 800;

const DONE: Pull = { done: true, value: undefined };
const STREAMING = { stream: true };

export class ModelCall implements AsyncIterableIterator<ChatUpdate, undefined> {
  readonly #plan: ModelCallPlan;
  readonly #closing = new AbortController();
  readonly #decoder = new TextDecoder();
  #updates: ChatUpdate[] = [];
  #taken = 0;
  #phase: 'unsent' | 'open' | 'over' = 'unsent';
  #failure: { readonly error: unknown } | null = null;
  #reader: ReadableStreamDefaultReader<Uint8Array> | null = null;
  #parser: EventSourceParser | null = null;
  #usageGrace: ReturnType<typeof setTimeout> | undefined;
  /** The pull that waits, and the last one handed out: a later pull queues behind it. */
  #resolve: ((pull: Pull) => void) | null = null;
  #reject: ((reason: unknown) => void) | null = null;
  #waiting: Promise<Pull> | null = null;

  constructor(plan: ModelCallPlan) {
    this.#plan = plan;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<Pull> {
    if (this.#resolve === null) return this.#pull();
    const again = (): Promise<Pull> => this.next();
    this.#waiting = (this.#waiting ?? Promise.resolve(DONE)).then(again, again);
    return this.#waiting;
  }

  /** Closes the connection at once, whatever is pending. */
  return(): Promise<Pull> {
    this.#drop();
    this.#failure = null;
    if (this.#phase !== 'over') this.#close();
    return Promise.resolve(DONE);
  }

  #pull(): Promise<Pull> {
    if (this.#taken < this.#updates.length) {
      if (!this.#plan.signal.aborted) return Promise.resolve(this.#take());
      // The whole answer was here before the abort, so nothing listened any more.
      this.#drop();
      this.#failure = { error: this.#plan.signal.reason };
    }
    if (this.#failure !== null) return Promise.reject(this.#failure.error);
    if (this.#phase === 'over') return Promise.resolve(DONE);
    this.#waiting = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    if (this.#phase === 'unsent') void this.#send();
    else this.#read();
    return this.#waiting;
  }

  async #send(): Promise<void> {
    const { signal, request, context } = this.#plan;
    this.#phase = 'open';
    if (signal.aborted) return this.#fail(signal.reason);
    signal.addEventListener('abort', this.#aborted, { once: true });
    try {
      const response = await request(this.#closing.signal);
      context.requestId = requestIdOf(response.headers);
      await this.#open(response);
    } catch (error) {
      if (this.#phase === 'open') this.#fail(requestError(error, context));
    }
  }

  async #open(response: Response): Promise<void> {
    const { answer, context } = this.#plan;
    const reader = response.body?.getReader() ?? null;
    this.#reader = reader;
    if (this.#phase === 'over') return this.#close();
    if (reader !== null && isEventStream(response)) {
      this.#parser = frameParser((event, data) => {
        if (answer.progress !== 'ended') answer.takeFrame(event, data, this.#updates);
      });
      return this.#read();
    }
    const body = await readJson(response, reader, context);
    if (this.#phase !== 'open') return;
    answer.takeWhole(body, this.#updates);
    this.#end();
  }

  #read(): void {
    if (this.#plan.answer.progress === 'finished') this.#usageGrace ??= setTimeout(this.#graceOver, USAGE_GRACE_MS);
    this.#reader?.read().then(this.#received, this.#broken);
  }

  readonly #received = ({ done, value }: { done: boolean; value?: Uint8Array | undefined }): void => {
    if (this.#phase !== 'open') return;
    const { answer } = this.#plan;
    if (done) return this.#bodyOver();
    try {
      this.#parser?.feed(this.#decoder.decode(value, STREAMING));
    } catch (error) {
      return this.#fail(error);
    }
    if (answer.progress === 'ended') this.#end();
    else if (this.#updates.length > 0) this.#settle();
    else this.#read();
  };

  readonly #broken = (error: unknown): void => this.#bodyOver(error);

  /** The service closed the connection, or lost it. Either is fine once the answer is known to be whole. */
  #bodyOver(error?: unknown): void {
    const { answer, context } = this.#plan;
    if (answer.progress === 'open') {
      this.#fail(
        new AgentError(
          'stream_truncated',
          'The stream stopped before the answer was finished. Ask again.',
          error === undefined ? {} : { cause: safeCause(error, context.redact) },
        ),
      );
    } else this.#graceOver();
  }

  readonly #graceOver = (): void => {
    if (this.#phase !== 'open') return;
    this.#plan.answer.close(this.#updates);
    this.#close();
  };

  readonly #aborted = (): void => {
    this.#drop();
    this.#fail(this.#plan.signal.reason);
  };

  /** The whole answer is here: the rest of the body is let run out, so that the connection can serve again. */
  #end(): void {
    if (this.#phase !== 'open') return;
    this.#letGo();
    if (this.#reader !== null) void letDrain(this.#reader, this.#closing);
    this.#settle();
  }

  #fail(error: unknown): void {
    if (this.#phase === 'over') return;
    this.#failure = { error };
    this.#close();
  }

  #close(): void {
    this.#letGo();
    closeBody(this.#reader, this.#closing);
    this.#settle();
  }

  #letGo(): void {
    this.#phase = 'over';
    clearTimeout(this.#usageGrace);
    this.#plan.signal.removeEventListener('abort', this.#aborted);
  }

  /** Answers the pull that waits: with an update while there are any, then with how the call ended. */
  #settle(): void {
    const resolve = this.#resolve;
    const reject = this.#reject;
    this.#resolve = this.#reject = null;
    if (this.#taken < this.#updates.length) resolve?.(this.#take());
    else if (this.#failure !== null) reject?.(this.#failure.error);
    else resolve?.(DONE);
  }

  #take(): Pull {
    const update = this.#updates[this.#taken];
    this.#taken += 1;
    if (this.#taken === this.#updates.length) this.#drop();
    return update === undefined ? DONE : { done: false, value: update };
  }

  #drop(): void {
    this.#updates = [];
    this.#taken = 0;
  }
}
