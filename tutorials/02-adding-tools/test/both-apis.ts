// A client for each of OpenAI's two APIs, for tests that must hold on both.
import type { ChatClient } from '@turnstream/core';
import { OpenAIChatCompletionsClient, OpenAIResponsesClient } from '@turnstream/openai';

const settings = { model: 'gpt-4.1', apiKey: 'test-key', maxRetries: 0 };

export const bothApis: readonly [string, (baseURL: string) => ChatClient][] = [
  ['Responses', (baseURL) => new OpenAIResponsesClient({ ...settings, baseURL })],
  ['Chat Completions', (baseURL) => new OpenAIChatCompletionsClient({ ...settings, baseURL })],
];
