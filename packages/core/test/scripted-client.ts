// A model at the seam, for tests of the agent alone: it gives scripted answers and records the requests.
import type { ChatClient } from '../src/index.ts';
import { type ChatRequest, type ChatUpdate, chatUpdate } from '../src/seams.ts';

/** One model call: texts and updates in order; an Error is thrown, `silence` lasts until the connection closes. */
export type Call = readonly (string | ChatUpdate | Error | typeof silence)[];

export interface ScriptedClient extends ChatClient {
  readonly requests: ChatRequest[];
  /** How many model connections were closed before their answer was finished. */
  closedEarly: number;
  /** How many times the agent said itself, by `return()`, that it wants no more. */
  returned: number;
  /** How many updates were taken from the model in all. */
  pulled: number;
}

export const finished: ChatUpdate = chatUpdate({ finishReason: 'stop' });

export const wantsTools: ChatUpdate = chatUpdate({ finishReason: 'tool_calls' });

/** The end of an answer that the service keeps under this id. */
export function chatUpdateWithId(conversationId: string, finishReason = 'stop'): ChatUpdate {
  return chatUpdate({ finishReason, conversationId });
}

/** A tool call, or one fragment of it. */
export function call(callId: string, name: string, args: string): ChatUpdate {
  return chatUpdate({ contents: [{ type: 'function_call', callId, name, arguments: args }], role: 'assistant' });
}

export const silence: unique symbol = Symbol('silence');

export function text(fragment: string): ChatUpdate {
  return chatUpdate({ contents: [{ type: 'text', text: fragment }], role: 'assistant' });
}

export function scriptedClient(...calls: Call[]): ScriptedClient {
  const client: ScriptedClient = {
    serviceHistory: true,
    requests: [],
    closedEarly: 0,
    returned: 0,
    pulled: 0,
    send: (request) => ({ [Symbol.asyncIterator]: () => openCall(request) }),
  };

  function openCall(request: ChatRequest): AsyncIterator<ChatUpdate> {
    const steps = calls[client.requests.length] ?? [new Error('unscripted model call')];
    client.requests.push(request);
    let position = 0;
    let open = true;
    const close = (): void => {
      if (open && position <= steps.length) client.closedEarly += 1;
      open = false;
    };
    request.signal.addEventListener('abort', close, { once: true });
    return {
      async next() {
        const step = steps[position];
        position += 1;
        client.pulled += 1;
        if (step === silence) return Promise.withResolvers<never>().promise;
        if (step instanceof Error) throw step;
        if (step !== undefined) return { done: false, value: typeof step === 'string' ? text(step) : { ...step } };
        open = false;
        return { done: true, value: undefined };
      },
      async return() {
        client.returned += 1;
        close();
        return { done: true, value: undefined };
      },
    };
  }

  return client;
}

/** Reads a stream to its end; the texts of its updates, empty ones included. */
export async function textsOf(stream: AsyncIterable<{ readonly text: string }>): Promise<string[]> {
  const texts: string[] = [];
  for await (const update of stream) texts.push(update.text);
  return texts;
}

/** The texts of the messages of each request, instructions left out. */
export function sentTexts(client: ScriptedClient): unknown[][] {
  return client.requests.map((request) => request.messages.map((message) => message.contents));
}
