// A model client of your own, for a service that writes one JSON object per line: {"text":"Hel"}, {"text":"lo."}, {"end":"stop"}.
import { AgentError, type ChatClient, textOf } from '@turnstream/core';
import { type ChatCall, type ChatRequest, type ChatUpdate, chatUpdate, json, leavable } from '@turnstream/core/seams';

interface Line {
  readonly text: string | undefined;
  readonly end: string | undefined;
}

const lineReader = json.object<Line>({ text: json.optional(json.string), end: json.optional(json.string) });

export class LinesClient implements ChatClient {
  readonly #url: string;

  constructor({ url }: { readonly url: string }) {
    this.#url = url;
  }

  send(request: ChatRequest): ChatCall {
    const leaving = new AbortController();
    const signal = AbortSignal.any([request.signal, leaving.signal]);
    return leavable(this.#updates(request, signal), () => leaving.abort());
  }

  async *#updates(request: ChatRequest, signal: AbortSignal): AsyncGenerator<ChatUpdate, undefined> {
    const body = JSON.stringify(bodyOf(request));
    const response = await fetch(this.#url, { method: 'POST', body, signal }).catch((cause: unknown) => {
      throw failure(signal, 'connection_failed', cause);
    });
    if (!response.ok || response.body === null)
      throw new AgentError('server_error', `The service answered ${response.status}.`, { status: response.status });
    try {
      for await (const line of linesOf(response.body)) {
        const { text = '', end = null } = readLine(line);
        yield chatUpdate({ role: 'assistant', contents: [{ type: 'text', text }], finishReason: end });
        if (end !== null) return;
      }
    } catch (error) {
      throw error instanceof AgentError ? error : failure(signal, 'stream_truncated', error);
    }
    throw new AgentError('stream_truncated', 'The answer has no end mark.');
  }
}

/** Refuses what the service does not support, rather than leaving it out. */
function bodyOf({ instructions, messages, tools, output }: ChatRequest): object {
  if (tools !== undefined || output !== undefined)
    throw new AgentError('input_invalid', 'The service supports neither tools nor structured output.');
  return { instructions, messages: messages.map((message) => ({ role: message.role, text: textOf(message) })) };
}

async function* linesOf(body: ReadableStream<Uint8Array>): AsyncGenerator<string, undefined> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const bytes of body) {
    const lines = (rest + decoder.decode(bytes, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
}

function readLine(line: string): Line {
  const refuse = (problem: string): AgentError =>
    new AgentError('stream_malformed', `Cannot read a line of the answer: ${problem}.`);
  return json.read(json.parse(line, refuse), lineReader, refuse);
}

/** After an abort, the signal's reason is thrown as it is. */
function failure(signal: AbortSignal, code: 'connection_failed' | 'stream_truncated', cause: unknown): unknown {
  return signal.aborted ? signal.reason : new AgentError(code, 'The connection to the service broke.', { cause });
}
