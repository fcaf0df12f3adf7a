// From the environment to a model client. Without a key it is the demo model. Both are loaded when a client is asked for,
// so that a program that ends before it needs a model starts at once.
import type { ChatClient } from '@turnstream/core';
import { type Env, readEnv } from './env.ts';
import { type Api, apiSetting, type ModelSettings, modelSettings } from './model-settings.ts';

export interface ChatClientOptions {
  /** The variables to go by; `readEnv()` when left out. */
  readonly env?: Env;
  /**
   * Which of OpenAI's two APIs the program needs. Defaults to `OPENAI_API`. If that is not set: Responses at OpenAI, and
   * Chat Completions on Azure, where every deployment has it, and at any other server, which may have nothing else.
   */
  readonly api?: Api;
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
  const env = options.env ?? readEnv();
  const settings = modelSettings(env);
  const asked = apiSetting(env);
  const api = options.api ?? asked;
  if (settings.provider === 'demo') {
    const notice = options.onNotice ?? ((line: string) => process.stderr.write(`${line}\n`));
    notice(settings.notice);
    return demoClient(api ?? 'responses');
  }
  const client = settings.provider === 'azure' ? await azureClient(settings, api) : await openAIClient(settings, api);
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

async function openAIClient({ model, apiKey, baseURL }: Endpoint, api: Api | undefined): Promise<ChatClient> {
  const { OpenAIChatCompletionsClient, OpenAIResponsesClient, serviceAt } = await import('@turnstream/openai');
  const options = { model, apiKey, baseURL };
  const hasResponses = ['openai', 'azure'].includes(serviceAt(baseURL));
  return (api ?? (hasResponses ? 'responses' : 'chat_completions')) === 'responses'
    ? new OpenAIResponsesClient(options)
    : new OpenAIChatCompletionsClient(options);
}

type AzureSettings = Extract<ModelSettings, { provider: 'azure' }>;

async function azureClient(settings: AzureSettings, api: Api | undefined): Promise<ChatClient> {
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

async function demoClient(api: Api): Promise<ConfiguredClient> {
  const { startDemoModel } = await import('@turnstream/testkit/demo');
  const demo = await startDemoModel();
  return {
    client: await openAIClient({ model: 'demo', apiKey: 'demo', baseURL: demo.baseURL }, api),
    model: 'demo',
    provider: 'demo',
    [Symbol.asyncDispose]: () => demo[Symbol.asyncDispose](),
  };
}
