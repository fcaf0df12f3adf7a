// From the environment to a model client. Without a key it is the demo model. Both are loaded when a client is asked for,
// so that a program that ends before it needs a model starts at once.
import type { ChatClient } from '@turnstream/core';
import { azureSdk, azureV1 } from './azure.ts';
import { apiFor } from './default-api.ts';
import { type StartedDemo, startDemo } from './demo.ts';
import { type Env, readEnv } from './env.ts';
import { type Api, type AzureSettings, apiSetting, type ModelSettings, modelSettings } from './model-settings.ts';

/** Options of `chatClientFromEnv`. */
export interface ChatClientOptions {
  /** The variables to use; `readEnv()` by default. */
  readonly env?: Env | undefined;
  /**
   * Which of OpenAI's two APIs the program needs. Defaults to `OPENAI_API`. If that is not set: Responses at OpenAI, and
   * Chat Completions on Azure, where every deployment has it, and at any other server, which may have nothing else.
   */
  readonly api?: Api | undefined;
  /** Gets the line that says that the demo model answers. It goes to stderr by default. */
  readonly onNotice?: ((line: string) => void) | undefined;
}

/** A client and the name of its model. `await using` closes the demo model; a real one needs no closing. */
export interface ConfiguredClient extends AsyncDisposable {
  readonly client: ChatClient;
  /** Name of the model, on Azure of the deployment. */
  readonly model: string;
  readonly provider: ModelSettings['provider'];
}

/**
 * Creates the model client that the environment selects (`.env.example` lists the variables). Without a key it starts
 * the demo model on this machine and says so. Rejects with `config_invalid` if a provider is only partly configured.
 */
export async function chatClientFromEnv(options: ChatClientOptions = {}): Promise<ConfiguredClient> {
  const env = options.env ?? readEnv();
  const settings = modelSettings(env);
  const asked = apiSetting(env);
  const api = await apiFor(settings, options.api ?? asked);
  if (settings.provider === 'demo') return demoClient(await startDemo(settings, options.onNotice), api);
  const client = settings.provider === 'azure' ? await azureClient(settings, api) : await openAIClient(settings, api);
  return { client, model: settings.model, provider: settings.provider, [Symbol.asyncDispose]: async () => {} };
}

/** Whether the environment configures a real model completely. For tests that need one. */
export function hasRealModel(env: Env = readEnv()): boolean {
  try {
    return modelSettings(env).provider !== 'demo';
  } catch {
    return false;
  }
}

type Endpoint = { readonly model: string; readonly apiKey: string; readonly baseURL: string };

async function openAIClient({ model, apiKey, baseURL }: Endpoint, api: Api): Promise<ChatClient> {
  const { OpenAIChatCompletionsClient, OpenAIResponsesClient } = await import('@turnstream/openai');
  const options = { model, apiKey, baseURL };
  return api === 'responses' ? new OpenAIResponsesClient(options) : new OpenAIChatCompletionsClient(options);
}

async function azureClient(settings: AzureSettings, api: Api): Promise<ChatClient> {
  const { model, apiKey } = settings;
  if (api === 'responses') return openAIClient({ model, apiKey, baseURL: azureV1(settings) }, api);
  const { OpenAIChatCompletionsClient } = await import('@turnstream/openai');
  return new OpenAIChatCompletionsClient({ model, client: await azureSdk(settings) });
}

async function demoClient(demo: StartedDemo, api: Api): Promise<ConfiguredClient> {
  return {
    client: await openAIClient(demo, api),
    model: demo.model,
    provider: 'demo',
    [Symbol.asyncDispose]: () => demo[Symbol.asyncDispose](),
  };
}
