// A chat transport for `useChat` of the AI SDK, which takes an answer for whole only with its end mark. It names no type of
// `ai`, so that this package works without it: an instance fits the SDK's `ChatTransport`.
import { AgentError } from '@turnstream/core';
import { json } from '@turnstream/core/seams';
import { type Ask, ask, type Connection } from './connection.ts';
import { readFrames, truncated } from './read-frames.ts';

/** Options of `UiTransport`. */
export interface UiTransportOptions extends Omit<Connection, 'token'> {
  /** Sent as `Authorization: Bearer ...`; a function is called for each request. */
  readonly token?: string | (() => Promise<string> | string) | undefined;
  /**
   * What the server's option `ui.history` says. `server`: requests carry only the last message. `client` (default):
   * they carry the whole conversation, which every server takes.
   */
  readonly history?: 'client' | 'server' | undefined;
}

/** What `useChat` adds to a request. */
interface Added {
  readonly headers?: Headers | Record<string, string> | undefined;
  readonly body?: object | undefined;
  readonly abortSignal?: AbortSignal | undefined;
}

interface Sending extends Added {
  readonly chatId: string;
  readonly messages: readonly unknown[];
  readonly trigger: string;
  readonly messageId: string | undefined;
}

interface Resuming extends Added {
  readonly chatId: string;
}

/** `useChat` resumes after an error of this kind, if its page asks for that: it looks for the word `network` in a `TypeError`. */
class NetworkBroken extends TypeError {
  readonly code = 'stream_truncated';

  constructor(cause: AgentError) {
    super('The network connection broke before the end of the answer. What came may be half of it: ask again.', {
      cause,
    });
  }
}

/**
 * For `useChat({ transport: new UiTransport({ url, token }) })`. The SDK's own transport shows an answer whose connection
 * ends early as a whole one; with this one the chat has an error with the code `stream_truncated`. Refusals are an
 * `AgentError` with the server's code and words.
 */
export class UiTransport<Chunk = never> {
  /** `useChat` replaces what it shows by the resumed stream, which begins at the beginning of the answer. */
  readonly resumeStreamIsReplay = true;
  readonly #options: UiTransportOptions;
  /** Chats whose last answer broke off. */
  readonly #broken = new Set<string>();

  constructor(options: UiTransportOptions) {
    this.#options = options;
  }

  /** Asks `POST /chat/ui`. */
  async sendMessages({ chatId, messages, trigger, messageId, ...added }: Sending): Promise<ReadableStream<Chunk>> {
    const sent = this.#options.history === 'server' ? messages.slice(-1) : messages;
    const body = { ...added.body, id: chatId, messages: sent, trigger, messageId };
    return this.#stream(chatId, await this.#ask('/chat/ui', added, { method: 'POST', body }), added.abortSignal);
  }

  /**
   * Asks `GET /chat/ui/:id/stream`; null when no answer is under way. Rejects with `stream_truncated` when none is and the
   * last one broke off: what the page shows of it is not whole, and stays an error.
   */
  async reconnectToStream({ chatId, ...added }: Resuming): Promise<ReadableStream<Chunk> | null> {
    const response = await this.#ask(`/chat/ui/${encodeURIComponent(chatId)}/stream`, added);
    if (response.status !== 204) return this.#stream(chatId, response, added.abortSignal);
    if (this.#broken.has(chatId)) throw truncated();
    return null;
  }

  /** Stops the answer of a server with `ui.resume`, for every reader: there, `stop()` of `useChat` only leaves it. */
  async stopAnswer(chatId: string): Promise<void> {
    await this.#ask(`/chat/ui/${encodeURIComponent(chatId)}/stop`, {}, { method: 'POST' });
  }

  async #ask(path: string, { headers, abortSignal: signal }: Added, options: Ask = {}): Promise<Response> {
    const { token, ...connection } = this.#options;
    const to = { ...connection, token: typeof token === 'function' ? await token() : token };
    const accept = 'text/event-stream, application/json';
    return ask(to, path, { ...options, headers: { accept, ...Object.fromEntries(new Headers(headers)) }, signal });
  }

  #stream(chatId: string, response: Response, signal: AbortSignal | undefined): ReadableStream<Chunk> {
    this.#broken.delete(chatId);
    const chunks = chunksOf<Chunk>(response);
    return new ReadableStream<Chunk>({
      pull: async (controller) => {
        try {
          const { done, value } = await chunks.next();
          if (done === true) controller.close();
          else controller.enqueue(value);
        } catch (error) {
          if (error instanceof NetworkBroken && signal?.aborted !== true) this.#broken.add(chatId);
          controller.error(signal?.aborted === true ? signal.reason : error);
        }
      },
      cancel: () => void chunks.return(undefined),
    });
  }
}

/** The types of chunks that end an answer. */
const ENDS: ReadonlySet<unknown> = new Set(['abort', 'error', 'finish']);

async function* chunksOf<Chunk>(response: Response): AsyncGenerator<Chunk, undefined> {
  let isEnded = false;
  try {
    for await (const { data } of readFrames(response)) {
      if (data === '[DONE]') break;
      const chunk: unknown = json.parse(data, malformed);
      isEnded ||= ENDS.has(json.read(chunk, named, malformed).type);
      yield chunk as Chunk;
    }
  } catch (error) {
    if (!(error instanceof AgentError) || error.code !== 'stream_truncated') throw error;
    if (!isEnded) throw new NetworkBroken(error);
  }
  if (!isEnded) throw new NetworkBroken(truncated());
}

const named = json.object({ type: json.string });

function malformed(problem: string): AgentError {
  return new AgentError('stream_malformed', `The server sent a chunk that cannot be read: ${problem}.`);
}
