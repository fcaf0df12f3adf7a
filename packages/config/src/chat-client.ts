// From the environment to a model client. Without a key it is the demo model. Both are loaded when a client is asked for,
// so that a program that ends before it needs a model starts at once.
import type { ChatClient } from '@turnstream/core';
import { type Env, readEnv } from './env.ts';
import { type ModelSettings, modelSettings } from './model-settings.ts';

export interface ChatClientOptions {
  /** The variables to go by; `readEnv()` when left out. */
  readonly env?: Env;
  /** Which of OpenAI's two APIs to speak. Left out: Responses, on Azure Chat Completions, which every deployment has. */
  readonly api?: 'responses' | 'chat_completions';
  /** Gets the one line that says that the demo model answers. Left out, it goes to stderr. */
  readonly onNotice?: (line: string) => void;
}

/** A client and what it stands for. `await using` closes the demo model; for a real one there is nothing to close. */
export interface ConfiguredClient extends AsyncDisposable {
  readonly client: ChatClient;
  /** Name of the model, on Azure of the deployment. */
  readonly model: string;
  readonly provider: ModelSettings['provider'];
}

/**
 * The model client the environment asks for (`.env.example` lists the variables). With no key it starts the demo model
 * on this machine and says so. Rejects with `config_invalid` when a provider is configured half.
 */
export async function chatClientFromEnv(options: ChatClientOptions = {}): Promise<ConfiguredClient> {
  const settings = modelSettings(options.env ?? readEnv());
  if (settings.provider === 'demo') {
    const notice = options.onNotice ?? ((line: string) => process.stderr.write(`${line}\n`));
    notice(settings.notice);
    return demoClient(options.api ?? 'responses');
  }
  const client =
    settings.provider === 'azure'
      ? await azureClient(settings, options.api)
      : await openAIClient(settings, options.api);
  return { client, model: settings.model, provider: settings.provider, [Symbol.asyncDispose]: async () => {} };
}

/** True when the environment names a real model completely. For tests that need one. */
export function hasRealModel(env: Env = readEnv()): boolean {
  try {
    return modelSettings(env).provider !== 'demo';
  } catch {
    return false;
  }
}

type Endpoint = { readonly model: string; readonly apiKey: string; readonly baseURL: string };

async function openAIClient(endpoint: Endpoint, api: ChatClientOptions['api']): Promise<ChatClient> {
  const { OpenAIChatCompletionsClient, OpenAIResponsesClient } = await import('@turnstream/openai');
  const { model, apiKey, baseURL } = endpoint;
  const options = { model, apiKey, baseURL };
  return api === 'chat_completions' ? new OpenAIChatCompletionsClient(options) : new OpenAIResponsesClient(options);
}

type AzureSettings = Extract<ModelSettings, { provider: 'azure' }>;

async function azureClient(settings: AzureSettings, api: ChatClientOptions['api']): Promise<ChatClient> {
  const { model, apiKey, endpoint, apiVersion } = settings;
  // Azure serves Responses on its v1 surface, which is OpenAI's own: no deployment in the path, no api-version.
  // https://learn.microsoft.com/azure/ai-foundry/openai/api-version-lifecycle
  if (api === 'responses') return openAIClient({ model, apiKey, baseURL: `${endpoint}/openai/v1` }, api);
  const { AzureOpenAI } = await import('openai');
  const { OpenAIChatCompletionsClient } = await import('@turnstream/openai');
  const client = new AzureOpenAI({
    // Not `endpoint`: the SDK refuses it while OPENAI_BASE_URL is set in the process.
    baseURL: `${endpoint}/openai`,
    apiKey,
    apiVersion,
    // These belong to an OpenAI account, and the SDK would take them from the process.
    organization: null,
    project: null,
  });
  return new OpenAIChatCompletionsClient({ model, client });
}

async function demoClient(api: NonNullable<ChatClientOptions['api']>): Promise<ConfiguredClient> {
  const { startDemoModel } = await import('@turnstream/testkit/demo');
  const demo = await startDemoModel();
  return {
    client: await openAIClient({ model: 'demo', apiKey: 'demo', baseURL: demo.baseURL }, api),
    model: 'demo',
    provider: 'demo',
    [Symbol.asyncDispose]: () => demo[Symbol.asyncDispose](),
  };
}
