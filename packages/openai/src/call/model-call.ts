// One model call over HTTP: which kind of body answers it, and when that proves the answer whole.
import { AgentError } from '@turnstream/core';
import { type ChatUpdate, ServiceCall, type ServiceCallPlan, safeCause, takeHeaders } from '@turnstream/core/seams';
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
  startOfJson,
  unframedJson,
} from './answer-body.ts';
import type { Decoder } from './decoder.ts';

export interface ModelCallPlan<Item> extends ServiceCallPlan {
  /** Sends the request. Called at the first pull; the signal closes the connection whenever it is aborted. */
  readonly request: (signal: AbortSignal) => Promise<Response>;
  readonly answer: Decoder<Item>;
  /** Longest frame or JSON body, in UTF-16 code units; 2,097,152 when left out. */
  readonly maxFrameChars?: number | undefined;
}

/**
 * An answer that is finished is waited on this long for its usage, from its last frame on. Services send that in the same burst; a connection
 * held open without it must not hold the run, and a second after the finish mark is felt as hanging.
 */
const USAGE_GRACE_MS = 800;

const STREAMING = { stream: true };

export class ModelCall<Item extends object = ChatUpdate> extends ServiceCall<Item, Uint8Array, ModelCallPlan<Item>> {
  readonly #decoder = new TextDecoder();
  #parser: EventSourceParser | null = null;
  /** The text of an event stream while it may still be JSON instead; null once it cannot be. */
  #unframed: string | null = '';
  #usageGrace: ReturnType<typeof setTimeout> | undefined;

  protected async send(closing: AbortSignal): Promise<void> {
    const { request, answer, context, maxFrameChars = MAX_FRAME_CHARS } = this.plan;
    const response = await request(closing);
    takeHeaders(context, response.headers);
    const reader = readerOf(response);
    this.reader = reader;
    // The caller left in the meantime, and this fetch ignored its signal.
    if (!this.isOpen) return this.close();
    if (reader !== null && isEventStream(response)) return this.#readFrames('');
    const decoder = this.#decoder;
    const start = reader === null ? '' : await readStart(reader, decoder, context);
    if (!this.isOpen) return;
    if (beginsWithFrame(start)) return this.#readFrames(start);
    const body = await readJson(response, { reader, decoder, start, maxChars: maxFrameChars }, context);
    if (!this.isOpen) return;
    answer.takeWhole(body, this.queue);
    // Read to its end: nothing is left to drain.
    this.reader = null;
    this.finish();
  }

  protected sendError(error: unknown): AgentError {
    return requestError(error, this.plan.context);
  }

  #readFrames(start: string): void {
    const { answer, maxFrameChars = MAX_FRAME_CHARS } = this.plan;
    this.#parser = frameParser(maxFrameChars, (event, data) => {
      // The service is still sending: the wait for the rest starts again with each frame.
      clearTimeout(this.#usageGrace);
      this.#usageGrace = undefined;
      this.#unframed = null;
      if (answer.progress !== 'ended') answer.takeFrame(event, data, this.queue);
    });
    this.#feed(start);
    if (this.queue.isWaiting) this.read();
  }

  protected override read(): void {
    if (this.plan.answer.progress === 'finished') this.#usageGrace ??= setTimeout(this.#graceOver, USAGE_GRACE_MS);
    super.read();
  }

  protected receive(chunk: Uint8Array): void {
    this.#feed(this.#decoder.decode(chunk, STREAMING));
  }

  #feed(text: string): void {
    const { answer, maxFrameChars = MAX_FRAME_CHARS } = this.plan;
    if (this.#unframed !== null) this.#unframed = startOfJson(this.#unframed, text, maxFrameChars);
    try {
      this.#parser?.feed(text);
    } catch (error) {
      if (answer.progress !== 'finished') throw error;
      // Once the answer is finished, what goes wrong after it fails it no more than a lost connection would.
      return this.#graceOver();
    }
    if (answer.progress === 'ended') this.finish();
  }

  /** The service ended the body, or the connection was lost. Either is fine once the answer is known to be whole. */
  protected bodyOver(error?: unknown): void {
    const { answer, context } = this.plan;
    if (answer.progress === 'finished') return this.#graceOver();
    if (error === undefined && this.#unframed !== null) return this.#takeUnframed(this.#unframed);
    const message = gaveUpWaiting(error) ?? 'The stream stopped before the answer was finished. Ask again.';
    const cause = error === undefined ? {} : { cause: safeCause(error, context.redact) };
    this.fail(new AgentError('stream_truncated', message, cause));
  }

  /** Some gateways declare an event stream but send JSON: an error, or the whole answer. */
  #takeUnframed(text: string): void {
    this.#unframed = null;
    try {
      const body = unframedJson(text, this.plan.context);
      if (body === null) return this.bodyOver();
      this.plan.answer.takeWhole(body, this.queue);
    } catch (error) {
      return this.fail(error);
    }
    this.reader = null;
    this.finish();
  }

  readonly #graceOver = (): void => {
    try {
      this.plan.answer.close(this.queue);
    } catch (error) {
      return this.fail(error);
    }
    this.close();
    this.queue.end();
  };

  protected override stopWatching(): void {
    clearTimeout(this.#usageGrace);
    super.stopWatching();
  }
}
