// An answer as a web `Response`, which is what Hono, Next's route handlers, Deno, Bun and Workers return.
import { AgentError } from '@turnstream/core';
import { errorEvent } from '../events/error-event.ts';
import { frame, KEEP_ALIVE, SSE_HEADERS } from '../events/frame.ts';
import type { ServerEvent } from '../events/wire.ts';
import { type AnswerStream, answerEvents } from './answer-events.ts';
import { DEFAULT_STREAM, type StreamOptions } from './defaults.ts';

/**
 * The stream as server-sent events, with backpressure: the model is read no faster than the body. If the reader
 * disconnects, or reads nothing for `stalledReaderMs`, the model's connection is closed. A failure becomes the final
 * `error` event and is passed to `onError`.
 */
export function answerResponse(stream: AnswerStream, options: StreamOptions = {}): Response {
  return new Response(new ReadableStream(new AnswerSource(stream, { ...DEFAULT_STREAM, ...options })), {
    headers: SSE_HEADERS,
  });
}

class AnswerSource {
  readonly #stream: AnswerStream;
  readonly #options: StreamOptions & typeof DEFAULT_STREAM;
  readonly #events: AsyncGenerator<ServerEvent, undefined>;
  readonly #encoder = new TextEncoder();
  #id = 0;
  #isGone = false;
  #keepAlive: ReturnType<typeof setInterval> | undefined;
  #stalled: ReturnType<typeof setTimeout> | undefined;

  constructor(stream: AnswerStream, options: StreamOptions & typeof DEFAULT_STREAM) {
    this.#stream = stream;
    this.#options = options;
    this.#events = answerEvents(stream, options.sessionId ?? null);
  }

  start(controller: ReadableStreamDefaultController<Uint8Array>): void {
    const comment = (): void => {
      if ((controller.desiredSize ?? 0) > 0) controller.enqueue(this.#encoder.encode(KEEP_ALIVE));
    };
    this.#keepAlive = setInterval(comment, this.#options.keepAliveMs);
  }

  /** Called when the reader has room, and not again until this resolves. */
  async pull(controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> {
    clearTimeout(this.#stalled);
    try {
      const { done, value } = await this.#events.next();
      if (done) return this.#end(controller);
      this.#write(controller, value);
    } catch (error) {
      if (this.#isGone) return;
      this.#options.onError?.(error);
      this.#write(controller, errorEvent(error));
      this.#end(controller);
    }
  }

  async cancel(): Promise<void> {
    this.#isGone = true;
    this.#stopTimers();
    await this.#stream.cancel();
  }

  #write(controller: ReadableStreamDefaultController<Uint8Array>, event: ServerEvent): void {
    this.#id += 1;
    controller.enqueue(this.#encoder.encode(frame(String(this.#id), event)));
    this.#stalled = setTimeout(() => this.#cutOff(controller), this.#options.stalledReaderMs);
  }

  #cutOff(controller: ReadableStreamDefaultController<Uint8Array>): void {
    const error = new AgentError('reader_too_slow', 'The reader was too slow and was cut off.');
    this.#options.onError?.(error);
    controller.error(error);
    void this.cancel();
  }

  #end(controller: ReadableStreamDefaultController<Uint8Array>): void {
    this.#stopTimers();
    controller.close();
  }

  #stopTimers(): void {
    clearInterval(this.#keepAlive);
    clearTimeout(this.#stalled);
  }
}
