// `@turnstream/config` in a tab, where there is no environment: the model is the demo model.

import type { ChatClientOptions, ConfiguredClient } from '@turnstream/config';
import { OpenAIChatCompletionsClient, OpenAIResponsesClient } from '@turnstream/openai';
import { startDemoModel } from './testkit-demo.ts';

export async function chatClientFromEnv({ api, env }: ChatClientOptions = {}): Promise<ConfiguredClient> {
  const demo = await startDemoModel();
  const options = { model: 'demo', apiKey: 'demo', baseURL: env?.OPENAI_BASE_URL ?? demo.baseURL };
  return {
    client: api === 'chat_completions' ? new OpenAIChatCompletionsClient(options) : new OpenAIResponsesClient(options),
    model: 'demo',
    provider: 'demo',
    [Symbol.asyncDispose]: () => demo[Symbol.asyncDispose](),
  };
}

export function hasRealModel(): boolean {
  return false;
}

export function scriptArguments(): string[] {
  return [];
}

/** The page shows every error by itself. */
export function reportErrors(): void {}
