// The agent of this chapter over each of OpenAI's two APIs, for tests that must hold on both.
import type { ChatClient } from '@turnstream/core';
import { OpenAIChatCompletionsClient, OpenAIResponsesClient } from '@turnstream/openai';

const settings = { model: 'gpt-4.1', apiKey: 'test-key', maxRetries: 0 };

export function responsesAt(baseURL: string): ChatClient {
  return new OpenAIResponsesClient({ ...settings, baseURL });
}

export function chatCompletionsAt(baseURL: string): ChatClient {
  return new OpenAIChatCompletionsClient({ ...settings, baseURL });
}

export const bothApis: readonly [string, (baseURL: string) => ChatClient][] = [
  ['Responses', responsesAt],
  ['Chat Completions', chatCompletionsAt],
];
