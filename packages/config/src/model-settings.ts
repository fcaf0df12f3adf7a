// From variables to a model: OpenAI, Azure OpenAI, or the demo model when nothing is configured.
import { AgentError } from '@turnstream/core';
import type { Env, EnvName } from './env.ts';

export type ModelSettings =
  | { readonly provider: 'openai'; readonly model: string; readonly apiKey: string; readonly baseURL: string }
  | {
      readonly provider: 'azure';
      /** Name of the deployment: what Azure calls the model. */
      readonly model: string;
      readonly apiKey: string;
      /** Address of the resource, without a path of ours and without a slash at the end. */
      readonly endpoint: string;
      readonly apiVersion: string;
    }
  | { readonly provider: 'demo'; readonly notice: string };

export type AzureSettings = Extract<ModelSettings, { provider: 'azure' }>;

const PROVIDERS = ['openai', 'azure'];

/** OpenAI's two APIs. */
export type Api = 'responses' | 'chat_completions';
const APIS: readonly Api[] = ['responses', 'chat_completions'];

/** The model the environment names. Throws `config_invalid` when it is only partly configured, and lists what is missing. */
export function modelSettings(env: Env): ModelSettings {
  const provider = (env.LLM_PROVIDER ?? 'openai').toLowerCase();
  if (provider === 'azure') return azureSettings(env);
  if (provider === 'openai') return openAISettings(env);
  throw new AgentError(
    'config_invalid',
    `LLM_PROVIDER is ${JSON.stringify(env.LLM_PROVIDER)}; valid values are ${PROVIDERS.join(' and ')}.`,
  );
}

/** The API that `OPENAI_API` names; undefined when it is not set. Throws `config_invalid` for any other value. */
export function apiSetting(env: Env): Api | undefined {
  const value = env.OPENAI_API;
  const api = APIS.find((name) => name === value?.toLowerCase());
  if (api !== undefined || value === undefined) return api;
  throw new AgentError(
    'config_invalid',
    `OPENAI_API is ${JSON.stringify(value)}; valid values are ${APIS.join(' and ')}.`,
  );
}

function openAISettings(env: Env): ModelSettings {
  if (env.OPENAI_API_KEY === undefined) {
    if (env.OPENAI_BASE_URL === undefined) return { provider: 'demo', notice: demoNotice(env) };
    throw new AgentError(
      'config_invalid',
      'OPENAI_BASE_URL is set, but OPENAI_API_KEY is missing. Set both; a server that does not check keys takes any value.',
    );
  }
  return {
    provider: 'openai',
    model: env.LLM_MODEL ?? 'gpt-4.1',
    apiKey: sendableKey('OPENAI_API_KEY', env.OPENAI_API_KEY),
    baseURL:
      env.OPENAI_BASE_URL === undefined
        ? 'https://api.openai.com/v1'
        : // Examples with curl show the address of a call. The SDK adds its last part itself.
          address('OPENAI_BASE_URL', env.OPENAI_BASE_URL).replace(/\/(chat\/completions|responses)$/, ''),
  };
}

function azureSettings(env: Env): ModelSettings {
  const endpoint = env.AZURE_OPENAI_ENDPOINT;
  const keyName = env.AZURE_OPENAI_KEY === undefined ? 'AZURE_OPENAI_API_KEY' : 'AZURE_OPENAI_KEY';
  const apiKey = env[keyName];
  const model = env.AZURE_OPENAI_DEPLOYMENT ?? env.AZURE_OPENAI_DEPLOYMENT_NAME;
  if (endpoint === undefined || apiKey === undefined || model === undefined) {
    const missing = [
      endpoint === undefined ? 'AZURE_OPENAI_ENDPOINT' : null,
      apiKey === undefined ? 'AZURE_OPENAI_KEY (or AZURE_OPENAI_API_KEY)' : null,
      model === undefined ? 'AZURE_OPENAI_DEPLOYMENT (or AZURE_OPENAI_DEPLOYMENT_NAME)' : null,
    ].filter((name) => name !== null);
    throw new AgentError('config_invalid', `LLM_PROVIDER is azure, but these are missing: ${missing.join(', ')}.`);
  }
  return {
    provider: 'azure',
    model,
    apiKey: sendableKey(keyName, apiKey),
    // The portal shows the address with the path that the SDK adds itself, or the whole address of a deployment.
    endpoint: address('AZURE_OPENAI_ENDPOINT', endpoint).replace(/\/openai(\/(v1|deployments|responses)\b.*)?$/, ''),
    apiVersion: env.AZURE_OPENAI_API_VERSION ?? '2024-10-21',
  };
}

function demoNotice(env: Env): string {
  const start = 'No OPENAI_API_KEY is set, so the demo model on this machine answers.';
  const azureIsSet = env.AZURE_OPENAI_ENDPOINT !== undefined;
  if (azureIsSet) return `${start} To use the Azure variables that are set, add LLM_PROVIDER=azure.`;
  return `${start} To go live, set it in .env or in the shell.`;
}

/** The address without slashes at its end. An error names the variable only: a URL can hold a password. */
function address(name: EnvName, value: string): string {
  const { protocol } = URL.parse(value) ?? {};
  if (protocol === 'http:' || protocol === 'https:') return value.replace(/\/+$/, '');
  throw new AgentError('config_invalid', `${name} is not a URL that begins with http:// or https://.`);
}

/** A key goes into a header, and the error of a header that cannot be sent would quote it. */
function sendableKey(name: EnvName, value: string): string {
  if (/^[\x21-\x7E]+$/.test(value)) return value;
  throw new AgentError(
    'config_invalid',
    `${name} contains a character that a key cannot have (a space, a line break, a typographic quote). Paste it again.`,
  );
}
