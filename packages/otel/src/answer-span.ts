// The span of a streamed answer: its first chunk, its tokens, how it ended.
import { type Attributes, type Span, SpanStatusCode } from '@opentelemetry/api';
import { AgentError, type AgentResponseUpdate, type Usage } from '@turnstream/core';
import { addUsage, ResponseFold } from '@turnstream/core/seams';
import { answerAttributes, usageAttributes } from './attributes.ts';
import { outputContent } from './content.ts';
import type { Metrics } from './metrics.ts';
import type { Ending, SpanWatcher } from './spanned.ts';

export interface WatchedAnswer {
  readonly kind: 'run' | 'model';
  /** An answer in one piece has no first chunk. */
  readonly isStreamed: boolean;
  /** The dimensions of its metrics: nothing that differs from run to run. */
  readonly measured: Attributes;
  readonly onEnd: () => unknown;
}

interface AnswerSpanOptions extends WatchedAnswer {
  readonly metrics: Metrics;
  readonly captureContent: boolean;
}

export class AnswerSpan implements SpanWatcher {
  readonly #span: Span;
  readonly #options: AnswerSpanOptions;
  readonly #startedAt = performance.now();
  readonly #answer = new ResponseFold();
  #hasBegun = false;
  #usage: Usage | null = null;

  constructor(span: Span, options: AnswerSpanOptions) {
    this.#span = span;
    this.#options = options;
  }

  readonly update = (update: AgentResponseUpdate): void => {
    const { captureContent, metrics, kind, isStreamed, measured } = this.#options;
    if (isStreamed && !this.#hasBegun && update.contents.length > 0) {
      this.#hasBegun = true;
      const seconds = secondsSince(this.#startedAt);
      this.#span.setAttribute('gen_ai.response.time_to_first_chunk', seconds);
      if (kind === 'model') metrics.firstChunk(seconds, measured);
    }
    this.#span.setAttributes(answerAttributes(update));
    if (update.usage !== null) this.#usage = addUsage(this.#usage, update.usage);
    if (captureContent) this.#answer.add(update);
  };

  readonly end = (ending: Ending): void => {
    const { captureContent, metrics, kind, measured, onEnd } = this.#options;
    onEnd();
    const errorType = typeof ending === 'string' ? undefined : typeOf(ending.cause);
    if (this.#usage !== null) {
      this.#span.setAttributes(usageAttributes(this.#usage));
      if (kind === 'model') metrics.used(this.#usage, measured);
    }
    if (captureContent) {
      const { messages, finishReason } = this.#answer.build('completed');
      const reason = ending === 'completed' ? 'stop' : ending === 'cancelled' ? ending : 'error';
      this.#span.setAttributes(outputContent(messages, finishReason ?? reason));
    }
    if (errorType !== undefined) fail(this.#span, errorType);
    this.#span.end();
    metrics.ended(kind, secondsSince(this.#startedAt), {
      ...measured,
      ...(errorType === undefined ? {} : { 'error.type': errorType }),
    });
  };
}

/** The code of an error, never its message, which may quote user text. */
export function fail(span: Span, errorType: string): void {
  span.setAttribute('error.type', errorType);
  span.setStatus({ code: SpanStatusCode.ERROR });
}

export function typeOf(error: unknown): string {
  if (error instanceof AgentError) return error.code;
  return error instanceof Error ? error.name : '_OTHER';
}

export function secondsSince(startedAt: number): number {
  return (performance.now() - startedAt) / 1000;
}
