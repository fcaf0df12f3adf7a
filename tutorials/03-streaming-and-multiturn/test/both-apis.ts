// The agent of this chapter over each of OpenAI's two APIs, for tests that must hold on both.
import { Agent, type ChatClient } from '@turnstream/core';
import { OpenAIChatCompletionsClient, OpenAIResponsesClient } from '@turnstream/openai';
import { INSTRUCTIONS } from '../chat.ts';
import type { Screen } from '../terminal/screen.ts';
import { fakeOutput } from './fake-terminal.ts';

type ClientFor = (baseURL: string) => ChatClient;

const settings = { model: 'gpt-4.1', apiKey: 'test-key', maxRetries: 0 };

export const bothApis: readonly [string, ClientFor][] = [
  ['Responses', (baseURL) => new OpenAIResponsesClient({ ...settings, baseURL })],
  ['Chat Completions', (baseURL) => new OpenAIChatCompletionsClient({ ...settings, baseURL })],
];

export function chatAgent(client: ChatClient): Agent {
  return new Agent({ client, instructions: INSTRUCTIONS, name: 'chat-agent' });
}

/** A screen nobody looks at, or that a test reads. */
export function pipeScreen(): Screen & { readonly output: ReturnType<typeof fakeOutput> } {
  return { output: fakeOutput({ isTTY: false }), errorOutput: fakeOutput({ isTTY: false }), timings: false };
}
