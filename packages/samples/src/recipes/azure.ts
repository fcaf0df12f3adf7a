// Three ways to Azure OpenAI: a key, Microsoft Entra ID, and the Responses API.
import { type ChatClient } from '@turnstream/core';
import { OpenAIChatCompletionsClient, OpenAIResponsesClient } from '@turnstream/openai';
import { AzureOpenAI } from 'openai';

export interface Azure {
  /** Such as `https://my-shop.openai.azure.com`. */
  readonly endpoint: string;
  /** The name of your deployment, which need not be the model's. */
  readonly deployment: string;
}

const apiVersion = '2024-10-21';

export function withKey({ endpoint, deployment }: Azure, apiKey: string): ChatClient {
  const client = new AzureOpenAI({ endpoint, apiKey, apiVersion });
  return new OpenAIChatCompletionsClient({ model: deployment, client });
}

/** `token` is `getBearerTokenProvider(new DefaultAzureCredential(), scope)` of `@azure/identity`. */
export function withEntraId({ endpoint, deployment }: Azure, token: () => Promise<string>): ChatClient {
  const client = new AzureOpenAI({ endpoint, azureADTokenProvider: token, apiVersion });
  return new OpenAIChatCompletionsClient({ model: deployment, client });
}

/** Azure's v1 paths are OpenAI's own. Needed for background runs and for history at the service. */
export function withResponses({ endpoint, deployment }: Azure, apiKey: string): ChatClient {
  return new OpenAIResponsesClient({ model: deployment, apiKey, baseURL: `${endpoint}/openai/v1` });
}
