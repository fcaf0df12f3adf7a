// The smallest ChatClient that keeps the contract, on Chat Completions, with one switch for each way to break it.
import { AgentError, type ChatClient } from '@turnstream/core';
import { type ChatRequest, type ChatUpdate, chatUpdate } from '@turnstream/core/seams';
import { createParser } from 'eventsource-parser';
import type { ClientTarget } from '../../src/contracts/index.ts';
import { CallSlots, type ToolMutant, toolFields, type WireCall, wireMessages } from './one-api-calls.ts';

/** Each one breaks one promise. */
export type Mutant =
  | ToolMutant
  | 'sends before the first pull'
  | 'joins all text into one update'
  | 'trims each chunk'
  | 'drops blank chunks'
  | 'leaves fields out'
  | 'always streams'
  | 'decodes each chunk on its own'
  | 'drops the usage'
  | 'invents usage'
  | 'always says stop'
  | 'drops refusals'
  | 'drops the id'
  | 'drops the instructions'
  | 'sends instructions twice'
  | 'forgets the history'
  | 'fails on unknown events'
  | 'waits for the end of the connection'
  | 'takes any end for the end'
  | 'ignores the status'
  | 'ignores retry-after'
  | 'ignores errors in an answer'
  | 'passes over malformed frames'
  | 'reads any content type'
  | 'ends quietly on abort'
  | 'throws its own error on abort'
  | 'ignores the signal'
  | 'sends although aborted'
  | 'does not close on return()'
  | 'waits for the model before it closes'
  | 'lets network errors out as they are'
  | 'keeps a conversation nobody asked for';

export function oneApiClient(target: ClientTarget, mutant: Mutant | null = null): ChatClient {
  return {
    send(request) {
      const call = new Call(target, request, mutant);
      if (mutant === 'sends before the first pull') call.next().catch(() => {});
      return call;
    },
  };
}

class Call implements AsyncIterableIterator<ChatUpdate, undefined> {
  readonly #target: ClientTarget;
  readonly #request: ChatRequest;
  readonly #mutant: Mutant | null;
  readonly #closing = new AbortController();
  readonly #slots: CallSlots;
  readonly #updates: AsyncGenerator<ChatUpdate, undefined>;

  constructor(target: ClientTarget, request: ChatRequest, mutant: Mutant | null) {
    this.#target = target;
    this.#request = request;
    this.#mutant = mutant;
    this.#slots = new CallSlots(mutant);
    this.#updates = this.#run();
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<IteratorResult<ChatUpdate, undefined>> {
    return this.#updates.next();
  }

  async return(): Promise<IteratorResult<ChatUpdate, undefined>> {
    if (this.#mutant === 'waits for the model before it closes') await this.#updates.return(undefined);
    if (this.#mutant !== 'does not close on return()') this.#closing.abort();
    return { done: true, value: undefined };
  }

  async *#run(): AsyncGenerator<ChatUpdate, undefined> {
    const { signal } = this.#request;
    const broken = this.#mutant;
    if (signal.aborted && broken !== 'sends although aborted') throw signal.reason;
    const close = (): void => this.#closing.abort();
    if (broken !== 'ignores the signal') signal.addEventListener('abort', close);
    try {
      const response = await this.#post();
      await this.#checkStatus(response);
      yield* this.#isStreamed() ? this.#stream(response) : this.#whole(response);
    } catch (error) {
      if (signal.aborted && broken === 'ends quietly on abort') return;
      if (signal.aborted && broken !== 'throws its own error on abort') throw signal.reason;
      if (error instanceof AgentError || broken === 'lets network errors out as they are') throw error;
      throw new AgentError('stream_truncated', 'The stream broke off. Ask again.', { cause: error });
    } finally {
      signal.removeEventListener('abort', close);
    }
  }

  #isStreamed(): boolean {
    return this.#request.stream || this.#mutant === 'always streams';
  }

  async #post(): Promise<Response> {
    const { instructions, messages } = this.#request;
    const system = instructions === null ? [] : [{ role: 'system', content: instructions }];
    const sent = messages.flatMap((message) => wireMessages(message, this.#mutant));
    const stream = this.#isStreamed();
    const body = {
      model: this.#target.model,
      stream,
      ...(stream ? { stream_options: { include_usage: true } } : {}),
      ...toolFields(this.#request, this.#mutant),
      messages: [
        ...(this.#mutant === 'drops the instructions' ? [] : system),
        ...(this.#mutant === 'sends instructions twice' ? system : []),
        ...(this.#mutant === 'forgets the history' ? sent.slice(-1) : sent),
      ],
    };
    try {
      const { signal } = this.#closing;
      return await fetch(`${this.#target.baseURL}/chat/completions`, {
        method: 'POST',
        body: JSON.stringify(body),
        signal,
      });
    } catch (error) {
      if (this.#mutant === 'lets network errors out as they are') throw error;
      throw new AgentError('connection_failed', 'Nobody answered. Check the network.', { cause: error });
    }
  }

  async #checkStatus(response: Response): Promise<void> {
    if (response.ok || this.#mutant === 'ignores the status') return;
    const codes = { 400: 'bad_request', 401: 'auth', 403: 'forbidden', 404: 'not_found', 429: 'rate_limited' } as const;
    const code = codes[response.status as keyof typeof codes] ?? 'server_error';
    const seconds = response.headers.get('retry-after');
    const wait =
      seconds === null || this.#mutant === 'ignores retry-after' ? {} : { retryAfterMs: 1000 * Number(seconds) };
    throw new AgentError(code, `The service answered ${response.status}.`, { status: response.status, ...wait });
  }

  async *#stream(response: Response): AsyncGenerator<ChatUpdate, undefined> {
    const type = response.headers.get('content-type') ?? '';
    if (!type.startsWith('text/event-stream') && this.#mutant !== 'reads any content type') {
      throw new AgentError('not_a_stream', `The service answered with ${type}. Check the base URL.`);
    }
    const frames: string[] = [];
    const parser = createParser({ onEvent: ({ data }) => frames.push(data) });
    const decoder = new TextDecoder();
    const held: ChatUpdate[] = [];
    let ended = false;
    for await (const bytes of response.body!) {
      const options = { stream: this.#mutant !== 'decodes each chunk on its own' };
      parser.feed(decoder.decode(bytes, options));
      for (const data of frames.splice(0)) {
        if (data === '[DONE]') ended = true;
        else held.push(...this.#read(data));
      }
      if (this.#mutant !== 'joins all text into one update') yield* held.splice(0);
      if (ended && this.#mutant !== 'waits for the end of the connection') break;
    }
    if (held.length > 0) yield { ...held.at(-1)!, text: held.map(({ text }) => text).join('') };
    if (ended || this.#mutant === 'takes any end for the end') return;
    throw new AgentError('stream_truncated', 'The stream stopped before its end. Ask again.');
  }

  async *#whole(response: Response): AsyncGenerator<ChatUpdate, undefined> {
    yield* this.#read(await response.text());
  }

  #read(json: string): ChatUpdate[] {
    const body = this.#parse(json);
    if (body === null) return [];
    if (body.error !== undefined && this.#mutant !== 'ignores errors in an answer') {
      throw new AgentError('response_failed', 'The service reported an error.', { serviceCode: body.error.code });
    }
    if (body.choices === undefined) {
      if (this.#mutant === 'fails on unknown events') throw new AgentError('stream_malformed', 'Unknown event.');
      return [];
    }
    return [this.#updateOf(body, body.choices[0])];
  }

  #updateOf(body: Body, choice: Choice | undefined): ChatUpdate {
    const said = choice?.delta ?? choice?.message;
    const known = this.#mutant === 'drops the usage' ? undefined : body.usage;
    const usage = known ?? (this.#mutant === 'invents usage' ? { prompt_tokens: 0, completion_tokens: 0 } : null);
    // A whole message does not count its calls.
    const whole = choice?.message?.tool_calls?.map((call, index) => ({ ...call, index }));
    const calls = this.#slots.take(choice?.delta?.tool_calls ?? whole ?? []);
    const isMute = calls.length > 0 && this.#mutant === 'drops text next to calls';
    const isDropped = this.#mutant === 'drops blank chunks' && said?.content?.trim() === '';
    const words = this.#mutant === 'trims each chunk' ? said?.content?.trim() : said?.content;
    const text = words && !isMute && !isDropped ? [{ type: 'text', text: words } as const] : [];
    const refusal =
      said?.refusal && this.#mutant !== 'drops refusals' ? [{ type: 'refusal', text: said.refusal } as const] : [];
    const update = chatUpdate({
      contents: [...text, ...refusal, ...calls],
      role: 'assistant',
      responseId: this.#mutant === 'drops the id' ? null : body.id,
      finishReason:
        choice?.finish_reason && this.#mutant === 'always says stop' ? 'stop' : (choice?.finish_reason ?? null),
      conversationId: this.#mutant === 'keeps a conversation nobody asked for' ? body.id : null,
      usage: usage && {
        inputTokens: usage.prompt_tokens,
        outputTokens: usage.completion_tokens,
        totalTokens: usage.prompt_tokens + usage.completion_tokens,
      },
    });
    if (this.#mutant !== 'leaves fields out') return update;
    const { usage: _, ...rest } = update;
    return rest as ChatUpdate;
  }

  #parse(json: string): Body | null {
    try {
      return JSON.parse(json) as Body;
    } catch {
      if (this.#mutant === 'passes over malformed frames') return null;
      throw new AgentError('stream_malformed', 'A frame is not JSON. Ask again.');
    }
  }
}

interface Said {
  readonly content?: string | null;
  readonly refusal?: string | null;
  readonly tool_calls?: readonly WireCall[];
}

interface Choice {
  readonly delta?: Said;
  readonly message?: Said;
  readonly finish_reason: string | null;
}

interface Body {
  readonly id: string;
  readonly choices?: readonly Choice[];
  readonly usage?: { readonly prompt_tokens: number; readonly completion_tokens: number } | null;
  readonly error?: { readonly code: string };
}
