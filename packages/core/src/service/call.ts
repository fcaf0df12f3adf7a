// One call of a service as one hand-written async iterator: the request leaves at the first pull, the answer is read while pulls wait.
import { AgentError, nameRequest } from '../errors.ts';
import { PullQueue } from '../model/pull-queue.ts';
import { type CallContext, headerMembers } from './answer-headers.ts';
import { closeBody, drain } from './body-end.ts';

type Pull<Item> = IteratorResult<Item, undefined>;

/** What every call is made with. */
export interface ServiceCallPlan {
  /** The caller's; aborting it ends the call with its reason. */
  readonly signal: AbortSignal;
  /** Details of the call other than its answer; its errors carry them. */
  readonly context: CallContext;
}

/**
 * A call ends once, on whichever comes first: the whole answer, a failure, the caller's abort, or `return`. A client extends it
 * and defines how the request is sent and how the answer is read; updates are pushed to `queue`.
 */
export abstract class ServiceCall<Item extends object, Chunk, Plan extends ServiceCallPlan>
  implements AsyncIterableIterator<Item, undefined>
{
  protected readonly plan: Plan;
  protected readonly queue: PullQueue<Item> = new PullQueue<Item>({ wanted: () => this.#advance() });
  /** Null until there is a body to read, and when it was read to its end. */
  protected reader: ReadableStreamDefaultReader<Chunk> | null = null;
  readonly #closing = new AbortController();
  #phase: 'unsent' | 'open' | 'over' = 'unsent';

  constructor(plan: Plan) {
    this.plan = plan;
  }

  /**
   * Sends the request, whose connection closes when the signal is aborted, and opens the answer: sets `reader` and calls
   * `read`, or takes it whole and calls `finish`. The call may be over by then, so each step asks `isOpen`.
   */
  protected abstract send(closing: AbortSignal): Promise<void>;
  /** What the call fails with when `send` rejects with `error`. */
  protected abstract sendError(error: unknown): unknown;
  /** Takes a chunk of the body, and calls `finish` with the last one. The call fails with what it throws. */
  protected abstract receive(chunk: Chunk): void;
  /** The service ended the body, or its connection was lost with an error, before `finish`. */
  protected abstract bodyOver(error?: unknown): void;

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<Pull<Item>> {
    const { signal } = this.plan;
    // After an abort, buffered updates are dropped. Checked here too: once the whole answer has arrived, nothing listens
    // for an abort.
    if (signal.aborted && !this.queue.isEmpty) {
      this.queue.clear();
      this.queue.fail(signal.reason);
    }
    return this.queue.next();
  }

  /** An update that is ready, without a promise. After an abort, `next` reports it. */
  takeReady(): Item | null {
    return this.plan.signal.aborted ? null : this.queue.takeReady();
  }

  /** Closes the connection at once, whatever is pending. */
  async return(): Promise<Pull<Item>> {
    this.queue.clear();
    if (this.#phase !== 'over') this.close();
    this.queue.end();
    return { done: true, value: undefined };
  }

  protected get isOpen(): boolean {
    return this.#phase === 'open';
  }

  protected read(): void {
    this.reader?.read().then(this.#received, this.#broken);
  }

  /** The whole answer is here: the rest of the body is drained, so that the connection can be reused. */
  protected finish(): void {
    this.stopWatching();
    if (this.reader !== null) void drain(this.reader, this.#closing);
    this.queue.end();
  }

  protected fail(error: unknown): void {
    this.close();
    if (error instanceof AgentError) nameRequest(error, headerMembers(this.plan.context));
    this.queue.fail(error);
  }

  protected close(): void {
    this.stopWatching();
    closeBody(this.reader, this.#closing);
  }

  protected stopWatching(): void {
    this.#phase = 'over';
    this.plan.signal.removeEventListener('abort', this.#aborted);
  }

  #advance(): void {
    if (this.#phase === 'unsent') void this.#start();
    else this.read();
  }

  async #start(): Promise<void> {
    const { signal } = this.plan;
    this.#phase = 'open';
    if (signal.aborted) return this.fail(signal.reason);
    signal.addEventListener('abort', this.#aborted);
    try {
      await this.send(this.#closing.signal);
    } catch (error) {
      if (this.isOpen) this.fail(this.sendError(error));
    }
  }

  readonly #received = ({ done, value }: { done: boolean; value?: Chunk | undefined }): void => {
    if (!this.isOpen) return;
    if (done || value === undefined) return this.bodyOver();
    try {
      this.receive(value);
    } catch (error) {
      return this.fail(error);
    }
    if (this.queue.isWaiting) this.read();
  };

  readonly #broken = (error: unknown): void => {
    if (this.isOpen) this.bodyOver(error);
  };

  readonly #aborted = (): void => this.fail(this.plan.signal.reason);
}
