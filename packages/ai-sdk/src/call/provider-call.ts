// One model call as one hand-written async iterator: the request leaves at the first pull, parts are read while pulls wait.
import type {
  LanguageModelV4GenerateResult,
  LanguageModelV4StreamPart,
  LanguageModelV4StreamResult,
} from '@ai-sdk/provider';
import { AgentError } from '@turnstream/core';
import {
  type CallContext,
  type ChatUpdate,
  type ChatUpdates,
  closeBody,
  drain,
  headerMembers,
  nameRequest,
  PullQueue,
  takeHeaders,
} from '@turnstream/core/seams';
import type { AnswerDecoder } from '../answer/decoder.ts';
import { brokenStream, providerError } from '../provider-error.ts';

export type Opened =
  | { readonly parts: LanguageModelV4StreamResult; readonly whole?: undefined }
  | { readonly parts?: undefined; readonly whole: LanguageModelV4GenerateResult };

export interface ProviderCallPlan {
  /** The caller's; aborting it ends the call with its reason. */
  readonly signal: AbortSignal;
  /** Sends the request. Called at the first pull; the signal closes the connection whenever it is aborted. */
  readonly open: (signal: AbortSignal) => Promise<Opened>;
  readonly answer: AnswerDecoder;
  readonly context: CallContext;
}

type Pull = IteratorResult<ChatUpdate, undefined>;

export class ProviderCall implements ChatUpdates {
  readonly #plan: ProviderCallPlan;
  readonly #queue = new PullQueue<ChatUpdate>({ wanted: () => this.#advance() });
  readonly #closing = new AbortController();
  #phase: 'unsent' | 'open' | 'over' = 'unsent';
  #reader: ReadableStreamDefaultReader<LanguageModelV4StreamPart> | null = null;

  constructor(plan: ProviderCallPlan) {
    this.#plan = plan;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<Pull> {
    const { signal } = this.#plan;
    // Once the whole answer has arrived, nothing listens for an abort, although updates may still be waiting.
    if (signal.aborted && !this.#queue.isEmpty) {
      this.#queue.clear();
      this.#queue.fail(signal.reason);
    }
    return this.#queue.next();
  }

  /** An update that is ready, without a promise. After an abort, `next` reports it. */
  takeReady(): ChatUpdate | null {
    return this.#plan.signal.aborted ? null : this.#queue.takeReady();
  }

  /** Closes the connection at once, whatever is pending. */
  async return(): Promise<Pull> {
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
    const { signal, open, context } = this.#plan;
    this.#phase = 'open';
    if (signal.aborted) return this.#fail(signal.reason);
    signal.addEventListener('abort', this.#aborted);
    try {
      this.#take(await open(this.#closing.signal));
    } catch (error) {
      if (this.#isOpen) this.#fail(providerError(error, context));
    }
  }

  #take({ parts, whole }: Opened): void {
    const { answer, context } = this.#plan;
    takeHeaders(context, new Headers(parts?.response?.headers ?? whole?.response?.headers));
    if (parts !== undefined) {
      this.#reader = parts.stream.getReader();
      // The caller left in the meantime, and this provider ignored its signal.
      if (!this.#isOpen) return closeBody(this.#reader, this.#closing);
      refusePage(parts);
      return this.#read();
    }
    if (!this.#isOpen) return;
    answer.takeWhole(whole, this.#queue);
    this.#finish();
  }

  #read(): void {
    this.#reader?.read().then(this.#received, this.#broken);
  }

  readonly #received = ({ done, value }: { done: boolean; value?: LanguageModelV4StreamPart | undefined }): void => {
    if (!this.#isOpen) return;
    if (done || value === undefined) return this.#broken(undefined);
    const { answer } = this.#plan;
    try {
      answer.take(value, this.#queue);
    } catch (error) {
      return this.#fail(error);
    }
    if (answer.isFinished) this.#finish();
    else if (this.#queue.isWaiting) this.#read();
  };

  /** The stream ended or failed without proof that the answer is whole. */
  readonly #broken = (error: unknown): void => {
    if (this.#isOpen) this.#fail(brokenStream(error, this.#plan.context));
  };

  readonly #aborted = (): void => {
    this.#queue.clear();
    this.#fail(this.#plan.signal.reason);
  };

  /** The whole answer is here: the rest of the stream is drained, so that the connection can be reused. */
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
    this.#plan.signal.removeEventListener('abort', this.#aborted);
  }

  get #isOpen(): boolean {
    return this.#phase === 'open';
  }
}

/** Providers find no event in an HTML page and would report a truncated answer. */
function refusePage({ response }: LanguageModelV4StreamResult): void {
  const type = new Headers(response?.headers).get('content-type') ?? '';
  if (!type.includes('text/html')) return;
  throw new AgentError(
    'not_a_stream',
    "The service answered with text/html, which is not a model's answer. Check the provider's base URL.",
  );
}
