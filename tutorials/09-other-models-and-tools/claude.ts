// A model of another service, through its provider of the AI SDK.
import { createAnthropic } from '@ai-sdk/anthropic';
import { AISDKClient } from '@turnstream/ai-sdk';

/** Claude at the given address. Without options, the provider takes its address and its key from the environment. */
export function claude(options: { readonly baseURL?: string; readonly apiKey?: string } = {}): AISDKClient {
  const anthropic = createAnthropic(options);
  return new AISDKClient({ model: anthropic('claude-sonnet-4-5'), parameters: { maxOutputTokens: 300 } });
}
