// The smallest BackgroundClient that keeps the contract, with one switch for each way to break it.
import { AgentError, type ChatClient, textOf } from '@turnstream/core';
import {
  type BackgroundClient,
  type BackgroundEvent,
  type BackgroundSnapshot,
  type ChatRequest,
  type ChatUpdate,
  chatUpdate,
} from '@turnstream/core/seams';
import { createParser } from 'eventsource-parser';
import type { ClientTarget } from '../../src/contracts/index.ts';

/** Each one breaks one promise. */
export type BackgroundMutant =
  | 'asks for no storage'
  | 'opens a stream with every start'
  | 'gives no answer'
  | 'gives no calls'
  | 'forgets why it failed'
  | 'gives nothing of what is incomplete'
  | 'fails on what is gone'
  | 'ignores retry-after'
  | 'calls every error an internal one'
  | 'only looks when it should cancel'
  | 'fails when it cancels too late'
  | 'streams from the first event on'
  | 'takes a stream without events for a cut one'
  | 'passes repeats on'
  | 'takes any end for the end'
  | 'waits for completed and nothing else'
  | 'lets go of no stream'
  | 'ignores the signal';

interface Item {
  readonly type: string;
  readonly content?: readonly { readonly text?: string }[];
  readonly call_id?: string;
  readonly name?: string;
  readonly arguments?: string;
}

interface WireResponse {
  readonly id: string;
  readonly status: BackgroundSnapshot['status'];
  readonly output: readonly Item[];
  readonly error: { readonly code: string } | null;
  readonly usage: { readonly input_tokens: number; readonly output_tokens: number } | null;
}

interface WireEvent {
  readonly type: string;
  readonly sequence_number: number;
  readonly delta?: string;
  readonly response?: WireResponse;
}

export function oneBackgroundClient(target: ClientTarget, mutant: BackgroundMutant | null = null): ChatClient {
  return {
    send: () => {
      throw new Error('only the background is under test');
    },
    background: new OneBackgroundClient(target, mutant),
  };
}

class OneBackgroundClient implements BackgroundClient {
  readonly #target: ClientTarget;
  readonly #mutant: BackgroundMutant | null;

  constructor(target: ClientTarget, mutant: BackgroundMutant | null) {
    this.#target = target;
    this.#mutant = mutant;
  }

  async start({ messages, stream }: ChatRequest): Promise<BackgroundSnapshot> {
    const streams = stream || this.#mutant === 'opens a stream with every start';
    const input = messages.map((message) => ({ role: message.role, content: textOf(message) }));
    const store = this.#mutant !== 'asks for no storage';
    const body = { model: this.#target.model, input, background: true, store, stream: streams };
    const response = await this.#fetch('', { method: 'POST', body: JSON.stringify(body) });
    if (!streams) return this.#snapshot(response);
    for await (const event of eventsIn(response)) return this.#read(event.response!, response);
    throw new AgentError('stream_truncated', 'No event came. Ask again.');
  }

  async get(id: string): Promise<BackgroundSnapshot> {
    const response = await this.#fetch(`/${id}`, {}, true);
    if (response.status !== 404) return this.#snapshot(response);
    if (this.#mutant === 'fails on what is gone') throw new AgentError('not_found', 'It is gone.');
    return { id, status: 'expired', updates: [], error: null, retryAfterMs: null };
  }

  async cancel(id: string): Promise<BackgroundSnapshot> {
    if (this.#mutant === 'only looks when it should cancel') return this.get(id);
    const response = await this.#fetch(`/${id}/cancel`, { method: 'POST' }, true);
    if (response.ok) return this.#snapshot(response);
    if (this.#mutant === 'fails when it cancels too late') throw new AgentError('bad_request', 'Too late.');
    return this.get(id);
  }

  async *stream(
    id: string,
    { after, signal }: { readonly after: number | null; readonly signal: AbortSignal },
  ): AsyncGenerator<BackgroundEvent, undefined> {
    const from = after === null || this.#mutant === 'streams from the first event on' ? '' : `&starting_after=${after}`;
    const closing = new AbortController();
    if (this.#mutant !== 'ignores the signal') signal.addEventListener('abort', () => closing.abort());
    try {
      const response = await this.#fetch(`/${id}?stream=true${from}`, { signal: closing.signal });
      const hasEnded = yield* this.#events(response, after ?? -1);
      // No event follows the last one, nor a stream cut before its first; a poll tells the two apart.
      if (!hasEnded && !(after !== null && (await this.#isOver(id)))) throw new AgentError('stream_truncated', 'Cut.');
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      throw error;
    } finally {
      if (this.#mutant !== 'lets go of no stream') closing.abort();
    }
  }

  async #isOver(id: string): Promise<boolean> {
    if (this.#mutant === 'takes a stream without events for a cut one') return false;
    return (await this.get(id)).status === 'completed';
  }

  /** Whether they included the end. */
  async *#events(response: Response, after: number): AsyncGenerator<BackgroundEvent, boolean> {
    const ends = ['response.completed', 'response.failed', 'response.incomplete'];
    let last = after;
    for await (const event of eventsIn(response, this.#mutant !== 'lets go of no stream')) {
      const { type, sequence_number: sequenceNumber, delta } = event;
      if (sequenceNumber <= last && this.#mutant !== 'passes repeats on') continue;
      last = sequenceNumber;
      const isEnd = this.#mutant === 'waits for completed and nothing else' ? type === ends[0] : ends.includes(type);
      const contents = delta === undefined ? [] : [{ type: 'text', text: delta } as const];
      yield { sequenceNumber, update: chatUpdate({ contents, finishReason: isEnd ? 'stop' : null }) };
      if (isEnd) return true;
    }
    return this.#mutant === 'takes any end for the end';
  }

  async #fetch(path: string, init: RequestInit, mayBeRefused = false): Promise<Response> {
    const response = await fetch(`${this.#target.baseURL}/responses${path}`, init);
    const { ok, status } = response;
    if (ok || (mayBeRefused && (status === 400 || status === 404))) return response;
    const isOurs = status < 500 && this.#mutant !== 'calls every error an internal one';
    throw new AgentError(isOurs ? 'bad_request' : 'server_error', `The service answered ${status}.`, { status });
  }

  async #snapshot(response: Response): Promise<BackgroundSnapshot> {
    return this.#read((await response.json()) as WireResponse, response);
  }

  #read({ id, status, output, error, usage }: WireResponse, { headers }: Response): BackgroundSnapshot {
    const seconds = this.#mutant === 'ignores retry-after' ? null : headers.get('retry-after');
    const isKnown = error !== null && this.#mutant !== 'forgets why it failed';
    const isHidden =
      this.#mutant === 'gives no answer' ||
      (status === 'incomplete' && this.#mutant === 'gives nothing of what is incomplete');
    return {
      id,
      status,
      updates: isHidden || usage === null ? [] : [this.#update(status, output, usage)],
      error: isKnown ? new AgentError('response_failed', 'It failed.', { serviceCode: error.code }) : null,
      retryAfterMs: seconds === null ? null : 1000 * Number(seconds),
    };
  }

  #update(status: string, output: readonly Item[], usage: NonNullable<WireResponse['usage']>): ChatUpdate {
    const kept = this.#mutant === 'gives no calls' ? output.filter(({ type }) => type === 'message') : output;
    const { input_tokens: inputTokens, output_tokens: outputTokens } = usage;
    const hasCalls = kept.some(({ type }) => type === 'function_call');
    return chatUpdate({
      contents: kept.map(({ content, call_id: callId = '', name = '', arguments: args = '' }) =>
        content === undefined
          ? { type: 'function_call', callId, name, arguments: args }
          : { type: 'text', text: content.map((part) => part.text ?? '').join('') },
      ),
      finishReason: status === 'incomplete' ? 'length' : hasCalls ? 'tool_calls' : 'stop',
      usage: { inputTokens, outputTokens, totalTokens: inputTokens + outputTokens },
    });
  }
}

async function* eventsIn(response: Response, closes = true): AsyncGenerator<WireEvent, undefined> {
  const events: WireEvent[] = [];
  const parser = createParser({ onEvent: ({ data }) => events.push(JSON.parse(data) as WireEvent) });
  const decoder = new TextDecoder();
  for await (const bytes of response.body!.values({ preventCancel: !closes })) {
    parser.feed(decoder.decode(bytes, { stream: true }));
    yield* events.splice(0);
  }
}
