// The two clients behind one name, and what a test asks of either.
import type { ChatClient } from '@turnstream/core';
import type { ChatRequest, ChatUpdate } from '@turnstream/core/seams';
import type { ClientOptions } from 'openai';
import { OpenAIChatCompletionsClient, OpenAIResponsesClient } from '../src/index.ts';

/** Long and odd enough to be found wherever it leaks. */
export const API_KEY = 'canary-7f3a9c5e1b';

type Options = ClientOptions & { readonly baseURL: string };

export interface ApiUnderTest {
  readonly name: string;
  readonly newClient: (options: Options) => ChatClient;
}

export const chatCompletions: ApiUnderTest = {
  name: 'Chat Completions',
  newClient: (options) => new OpenAIChatCompletionsClient({ model: 'gpt-4.1', apiKey: API_KEY, ...options }),
};

export const responses: ApiUnderTest = {
  name: 'Responses',
  newClient: (options) => new OpenAIResponsesClient({ model: 'gpt-4.1', apiKey: API_KEY, ...options }),
};

export const bothApis: readonly ApiUnderTest[] = [chatCompletions, responses];

/** Both over the transport that a client has on Node, and over the global fetch. */
export const bothApisOverAll: readonly ApiUnderTest[] = [
  ...bothApis,
  ...bothApis.map(({ name, newClient }) => ({
    name: `${name} over fetch`,
    newClient: (options: Options) => newClient({ fetch: (input, init) => globalThis.fetch(input, init), ...options }),
  })),
];

export function question(fields: Partial<ChatRequest> = {}): ChatRequest {
  return {
    messages: [{ role: 'user', contents: 'What is Python?' }],
    instructions: null,
    stream: true,
    signal: new AbortController().signal,
    ...fields,
  };
}

export interface Outcome {
  readonly updates: readonly ChatUpdate[];
  readonly text: string;
  /** What the iteration rejected with; null when it ended. */
  readonly error: unknown;
}

/** Reads a call to its end, whichever that is. */
export async function outcomeOf(updates: AsyncIterable<ChatUpdate>): Promise<Outcome> {
  const seen: ChatUpdate[] = [];
  let error: unknown = null;
  try {
    for await (const update of updates) seen.push(update);
  } catch (thrown) {
    error = thrown;
  }
  return { updates: seen, text: seen.map((update) => update.text).join(''), error };
}
