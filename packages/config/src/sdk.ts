// From the environment to the official SDK's own client, for a program that talks to a model without an agent.
import type { OpenAI } from 'openai';
import { azureSdk, azureV1 } from './azure.ts';
import type { ChatClientOptions } from './chat-client.ts';
import { apiFor } from './default-api.ts';
import { startDemo } from './demo.ts';
import { readEnv } from './env.ts';
import { type Api, apiSetting, modelSettings } from './model-settings.ts';

/** `await using` closes the demo model; for a real one there is nothing to close. */
export interface ConfiguredSdk extends AsyncDisposable {
  readonly openai: OpenAI;
  /** Name of the model, on Azure of the deployment. */
  readonly model: string;
  /** The API that the environment, or the caller, asks for. */
  readonly api: Api;
}

/** As `chatClientFromEnv`: the same variables, the same demo model without a key, the same errors. */
export async function sdkFromEnv(options: ChatClientOptions = {}): Promise<ConfiguredSdk> {
  const env = options.env ?? readEnv();
  const settings = modelSettings(env);
  const asked = apiSetting(env);
  const api = await apiFor(settings, options.api ?? asked);
  const { OpenAI } = await import('openai');
  if (settings.provider === 'demo') {
    const { model, apiKey, baseURL, [Symbol.asyncDispose]: close } = await startDemo(settings, options.onNotice);
    return { openai: new OpenAI({ apiKey, baseURL }), model, api, [Symbol.asyncDispose]: close };
  }
  const { model, apiKey } = settings;
  const nothing = { [Symbol.asyncDispose]: async () => {} };
  if (settings.provider === 'openai') {
    return { openai: new OpenAI({ apiKey, baseURL: settings.baseURL }), model, api, ...nothing };
  }
  const onV1 = { apiKey, baseURL: azureV1(settings), organization: null, project: null };
  const openai = api === 'responses' ? new OpenAI(onV1) : await azureSdk(settings);
  return { openai, model, api, ...nothing };
}
