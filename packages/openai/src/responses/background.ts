// The third mode: a response that the service works on without a connection, looked at, streamed and cancelled by its id.
import { AgentError } from '@turnstream/core';
import {
  type BackgroundClient,
  type BackgroundEvent,
  type BackgroundSnapshot,
  type ChatRequest,
  isOpen,
  retryAfterMs,
} from '@turnstream/core/seams';
import { ModelCall } from '../call/model-call.ts';
import type { SdkClient } from '../service/sdk-client.ts';
import { BackgroundEventDecoder } from './background-events.ts';
import { SnapshotDecoder, snapshotOf } from './background-snapshot.ts';
import { OpenedStreams, readOn } from './opened-streams.ts';
import { backgroundBody, IF_MISSING } from './request.ts';

interface Stoppable {
  readonly signal: AbortSignal;
}

type Send = (signal: AbortSignal) => Promise<Response>;

/**
 * The service streams a response only if it was started with `request.stream`, and OpenAI for only about five minutes;
 * after that, streaming is a `bad_request` but polling still works. It keeps a response for about ten minutes or longer.
 */
export class ResponsesBackground implements BackgroundClient {
  readonly #client: SdkClient;
  readonly #opened = new OpenedStreams();

  constructor(client: SdkClient) {
    this.#client = client;
  }

  /** Keeps a stream that comes with the answer, for a reader that continues at once. */
  async start(request: ChatRequest): Promise<BackgroundSnapshot> {
    const { sdk, newContext, callWith, maxFrameChars } = this.#client;
    const { signal } = request;
    const context = newContext(IF_MISSING);
    const answer = new BackgroundEventDecoder(context, { responseId: null, after: null });
    let waitMs: number | null = null;
    const send: Send = async (closing) => {
      const { base, headers } = callWith(request.settings);
      const body = backgroundBody(base, request);
      const response = await sdk.post('/responses', { body, signal: closing, headers }).asResponse();
      waitMs = retryAfterMs(response.headers);
      return response;
    };
    const rest = new ModelCall<BackgroundEvent>({ signal, request: send, answer, context, maxFrameChars });
    const pull = await rest.next();
    try {
      const snapshot = snapshotOf(answer.opened ?? {}, waitMs, context);
      if (pull.done !== true) this.#opened.keep(snapshot.id, { first: pull.value, rest });
      return snapshot;
    } catch (error) {
      await rest.return();
      throw error;
    }
  }

  async get(id: string, options: Stoppable): Promise<BackgroundSnapshot> {
    const { responses } = this.#client.sdk;
    try {
      return await this.#request(options, (signal) => responses.retrieve(id, {}, { signal }).asResponse());
    } catch (error) {
      if (!hasStatus(error, 404)) throw error;
      return { id, status: 'expired', updates: [], error: null, retryAfterMs: null };
    }
  }

  async *stream(
    id: string,
    { after, signal }: Stoppable & { readonly after: number | null },
  ): AsyncGenerator<BackgroundEvent, undefined> {
    const opened = after === null ? this.#opened.take(id) : null;
    if (opened !== null) return yield* readOn(opened, signal);
    for (let hasEnded = false; ; hasEnded = true) {
      const answer = new BackgroundEventDecoder(this.#client.newContext(), { responseId: id, after });
      try {
        yield* this.#events(id, answer, { after, signal });
        return;
      } catch (error) {
        if (hasStatus(error, 404)) return;
        if (after === null || !answer.isEmpty || !isCleanEnd(error)) throw error;
        // No event has a higher number, or the stream was cut before the first one. It takes a second look to know.
        if (hasEnded) return;
        if (isOpen((await this.get(id, { signal })).status)) throw error;
      }
    }
  }

  async cancel(id: string, options: Stoppable): Promise<BackgroundSnapshot> {
    const { responses } = this.#client.sdk;
    try {
      return await this.#request(options, (signal) => responses.cancel(id, { signal }).asResponse());
    } catch (error) {
      if (!hasStatus(error, 400) && !hasStatus(error, 404) && !hasStatus(error, 409)) throw error;
      // It has ended already, or it is not known: its snapshot tells.
      const snapshot = await this.get(id, options);
      if (isOpen(snapshot.status)) throw error;
      return snapshot;
    }
  }

  async #request({ signal }: Stoppable, send: Send): Promise<BackgroundSnapshot> {
    const { newContext, maxFrameChars } = this.#client;
    const context = newContext();
    const answer = new SnapshotDecoder(context);
    const request: Send = async (closing) => {
      const response = await send(closing);
      answer.retryAfterMs = retryAfterMs(response.headers);
      return response;
    };
    const pull = await new ModelCall<BackgroundSnapshot>({ signal, request, answer, context, maxFrameChars }).next();
    if (pull.done === true) throw new AgentError('not_a_stream', 'The service answered without a response.');
    return pull.value;
  }

  #events(
    id: string,
    answer: BackgroundEventDecoder,
    { after, signal }: Stoppable & { readonly after: number | null },
  ): ModelCall<BackgroundEvent> {
    const { sdk, maxFrameChars } = this.#client;
    const query = { stream: true, ...(after === null ? {} : { starting_after: after }) } as const;
    const request: Send = (closing) => sdk.responses.retrieve(id, query, { signal: closing }).asResponse();
    return new ModelCall<BackgroundEvent>({ signal, request, answer, context: answer.context, maxFrameChars });
  }
}

function hasStatus(error: unknown, status: number): boolean {
  return error instanceof AgentError && error.status === status;
}

/** The body was over, and its connection was not lost. */
function isCleanEnd(error: unknown): boolean {
  return error instanceof AgentError && error.code === 'stream_truncated' && error.cause === undefined;
}
