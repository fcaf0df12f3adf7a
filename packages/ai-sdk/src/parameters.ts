// What a caller may say about a call, in the words that all providers share.
import type { LanguageModelV4CallOptions, LanguageModelV4ProviderTool } from '@ai-sdk/provider';
import { AgentError } from '@turnstream/core';

type Shared = Omit<
  LanguageModelV4CallOptions,
  'prompt' | 'tools' | 'toolChoice' | 'responseFormat' | 'abortSignal' | 'headers' | 'includeRawChunks'
>;

/**
 * Parameters that every provider knows, such as `temperature`, `maxOutputTokens` or `reasoning`; `providerOptions` is for
 * those of one provider. `tools` are tools that the provider runs itself. `undefined` removes what a less specific level set.
 */
export type AISDKParameters = { readonly [Member in keyof Shared]?: Shared[Member] | undefined } & {
  readonly tools?: readonly LanguageModelV4ProviderTool[] | undefined;
};

const KNOWN: Readonly<Record<keyof AISDKParameters, true>> = {
  frequencyPenalty: true,
  maxOutputTokens: true,
  presencePenalty: true,
  providerOptions: true,
  reasoning: true,
  seed: true,
  stopSequences: true,
  temperature: true,
  tools: true,
  topK: true,
  topP: true,
};

/** Throws `config_invalid` for a parameter that no provider would read: it would be dropped without a word. */
export function checkParameters(parameters: object | undefined): void {
  const unknown = Object.keys(parameters ?? {}).filter((name) => !Object.hasOwn(KNOWN, name));
  if (unknown.length === 0) return;
  throw new AgentError(
    'config_invalid',
    `parameters cannot hold ${unknown.join(', ')}. Known are ${Object.keys(KNOWN).join(', ')}; put what only one provider knows into providerOptions.`,
  );
}
