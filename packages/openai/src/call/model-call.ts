// One model call as one hand-written async iterator: the request leaves at the first pull, bytes are read while pulls wait.
import { AgentError } from '@turnstream/core';
import {
  type CallContext,
  type ChatUpdate,
  closeBody,
  drain,
  headerMembers,
  nameRequest,
  PullQueue,
  safeCause,
  takeHeaders,
} from '@turnstream/core/seams';
import type { EventSourceParser } from 'eventsource-parser';
import { requestError } from '../service/http-error.ts';
import { gaveUpWaiting } from '../service/timeout.ts';
import {
  beginsWithFrame,
  frameParser,
  isEventStream,
  MAX_FRAME_CHARS,
  readerOf,
  readJson,
  readStart,
} from './answer-body.ts';
import type { Decoder } from './decoder.ts';

export interface ModelCallPlan<Item> {
  /** The caller's; aborting it ends the call with its reason. */
  readonly signal: AbortSignal;
  /** Sends the request. Called at the first pull; the signal closes the connection whenever it is aborted. */
  readonly request: (signal: AbortSignal) => Promise<Response>;
  readonly answer: Decoder<Item>;
  readonly context: CallContext;
  /** Longest frame or JSON body, in UTF-16 code units; 2,097,152 when left out. */
  readonly maxFrameChars?: number | undefined;
}

/**
 * An answer that is finished is waited on this long for its usage, from its last frame on. Services send that in the same burst; a connection
 * held open without it must not hold the run, and a second after the finish mark is felt as hanging.
 */
const USAGE_GRACE_MS = 800;

const STREAMING = { stream: true };

type Pull<Item> = IteratorResult<Item, undefined>;

export class ModelCall<Item extends object = ChatUpdate> implements AsyncIterableIterator<Item, undefined> {
  readonly #plan: ModelCallPlan<Item>;
  readonly #queue = new PullQueue<Item>({ wanted: () => this.#advance() });
  readonly #closing = new AbortController();
  readonly #decoder = new TextDecoder();
  #phase: 'unsent' | 'open' | 'over' = 'unsent';
  #reader: ReadableStreamDefaultReader<Uint8Array> | null = null;
  #parser: EventSourceParser | null = null;
  #usageGrace: ReturnType<typeof setTimeout> | undefined;

  constructor(plan: ModelCallPlan<Item>) {
    this.#plan = plan;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<Pull<Item>> {
    const { signal } = this.#plan;
    // Once the whole answer has arrived, nothing listens for an abort, although updates may still be waiting.
    if (signal.aborted && !this.#queue.isEmpty) {
      this.#queue.clear();
      this.#queue.fail(signal.reason);
    }
    return this.#queue.next();
  }

  /** An update that is ready, without a promise. After an abort, `next` reports it. */
  takeReady(): Item | null {
    return this.#plan.signal.aborted ? null : this.#queue.takeReady();
  }

  /** Closes the connection at once, whatever is pending. */
  async return(): Promise<Pull<Item>> {
    this.#queue.clear();
    if (this.#phase !== 'over') this.#close();
    this.#queue.end();
    return { done: true, value: undefined };
  }

  #advance(): void {
    if (this.#phase === 'unsent') void this.#send();
    else this.#read();
  }

  async #send(): Promise<void> {
    const { signal, request, context } = this.#plan;
    this.#phase = 'open';
    if (signal.aborted) return this.#fail(signal.reason);
    signal.addEventListener('abort', this.#aborted);
    try {
      const response = await request(this.#closing.signal);
      takeHeaders(context, response.headers);
      await this.#open(response);
    } catch (error) {
      if (this.#isOpen) this.#fail(requestError(error, context));
    }
  }

  async #open(response: Response): Promise<void> {
    const { answer, context } = this.#plan;
    this.#reader = readerOf(response);
    // The caller left in the meantime, and this fetch ignored its signal.
    if (!this.#isOpen) return closeBody(this.#reader, this.#closing);
    if (this.#reader !== null && isEventStream(response)) return this.#readFrames('');
    const [reader, decoder, maxChars] = [this.#reader, this.#decoder, this.#plan.maxFrameChars ?? MAX_FRAME_CHARS];
    const start = reader === null ? '' : await readStart(reader, decoder, context);
    if (!this.#isOpen) return;
    if (beginsWithFrame(start)) return this.#readFrames(start);
    const body = await readJson(response, { reader, decoder, start, maxChars }, context);
    if (!this.#isOpen) return;
    answer.takeWhole(body, this.#queue);
    // Read to its end: nothing is left to drain.
    this.#reader = null;
    this.#finish();
  }

  #readFrames(start: string): void {
    const { answer, maxFrameChars = MAX_FRAME_CHARS } = this.#plan;
    this.#parser = frameParser(maxFrameChars, (event, data) => {
      // The service is still sending: the wait for the rest starts again with each frame.
      clearTimeout(this.#usageGrace);
      this.#usageGrace = undefined;
      if (answer.progress !== 'ended') answer.takeFrame(event, data, this.#queue);
    });
    if (start === '') this.#read();
    else this.#feed(start);
  }

  #read(): void {
    if (this.#plan.answer.progress === 'finished') this.#usageGrace ??= setTimeout(this.#graceOver, USAGE_GRACE_MS);
    this.#reader?.read().then(this.#received, this.#broken);
  }

  readonly #received = ({ done, value }: { done: boolean; value?: Uint8Array | undefined }): void => {
    if (!this.#isOpen) return;
    if (done) this.#bodyOver();
    else this.#feed(this.#decoder.decode(value, STREAMING));
  };

  #feed(text: string): void {
    const { answer } = this.#plan;
    try {
      this.#parser?.feed(text);
    } catch (error) {
      // Once the answer is finished, what goes wrong after it fails it no more than a lost connection would.
      return answer.progress === 'finished' ? this.#graceOver() : this.#fail(error);
    }
    if (answer.progress === 'ended') this.#finish();
    else if (this.#queue.isWaiting) this.#read();
  }

  readonly #broken = (error: unknown): void =>
    this.#bodyOver(safeCause(error, this.#plan.context.redact), gaveUpWaiting(error));

  /** The service ended the body, or the connection was lost. Either is fine once the answer is known to be whole. */
  #bodyOver(cause?: unknown, why: string | null = null): void {
    if (!this.#isOpen) return;
    if (this.#plan.answer.progress === 'finished') return this.#graceOver();
    const message = why ?? 'The stream stopped before the answer was finished. Ask again.';
    this.#fail(new AgentError('stream_truncated', message, cause === undefined ? {} : { cause }));
  }

  readonly #graceOver = (): void => {
    try {
      this.#plan.answer.close(this.#queue);
    } catch (error) {
      return this.#fail(error);
    }
    this.#close();
    this.#queue.end();
  };

  readonly #aborted = (): void => {
    this.#queue.clear();
    this.#fail(this.#plan.signal.reason);
  };

  /** The whole answer is here: the rest of the body is drained, so that the connection can be reused. */
  #finish(): void {
    this.#stopWatching();
    if (this.#reader !== null) void drain(this.#reader, this.#closing);
    this.#queue.end();
  }

  #fail(error: unknown): void {
    this.#close();
    if (error instanceof AgentError) nameRequest(error, headerMembers(this.#plan.context));
    this.#queue.fail(error);
  }

  #close(): void {
    this.#stopWatching();
    closeBody(this.#reader, this.#closing);
  }

  #stopWatching(): void {
    this.#phase = 'over';
    clearTimeout(this.#usageGrace);
    this.#plan.signal.removeEventListener('abort', this.#aborted);
  }

  get #isOpen(): boolean {
    return this.#phase === 'open';
  }
}
