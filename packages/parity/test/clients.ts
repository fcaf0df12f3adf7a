// The model clients, by the API they speak: every claim about the agent is tested over both wires.
import type { ChatClient } from '@turnstream/core';
import { OpenAIChatCompletionsClient, OpenAIResponsesClient } from '@turnstream/openai';

export interface ClientKind {
  readonly api: 'Chat Completions' | 'Responses';
  readonly connect: (model: { readonly baseURL: string }, options?: { readonly maxRetries?: number }) => ChatClient;
}

const common = { model: 'gpt-4.1', apiKey: 'test-key' };

export const clients: readonly ClientKind[] = [
  {
    api: 'Chat Completions',
    connect: ({ baseURL }, options) => new OpenAIChatCompletionsClient({ ...common, baseURL, ...options }),
  },
  {
    api: 'Responses',
    connect: ({ baseURL }, options) => new OpenAIResponsesClient({ ...common, baseURL, ...options }),
  },
];

/** The texts of all updates, empty ones left out. */
export async function readTexts(stream: AsyncIterable<{ readonly text: string }>): Promise<string[]> {
  const texts: string[] = [];
  for await (const update of stream) if (update.text !== '') texts.push(update.text);
  return texts;
}

/** What a promise came to: its value, or the error it rejected with. */
export function settled(promise: Promise<unknown>): Promise<unknown> {
  return promise.catch((error: unknown) => error);
}
