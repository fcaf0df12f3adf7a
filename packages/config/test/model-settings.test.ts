import { expect, test } from 'vitest';
import type { Env } from '../src/env.ts';
import { modelSettings } from '../src/model-settings.ts';

const azure = {
  LLM_PROVIDER: 'azure',
  AZURE_OPENAI_ENDPOINT: 'https://res.openai.azure.com/',
  AZURE_OPENAI_KEY: 'azure-key',
  AZURE_OPENAI_DEPLOYMENT: 'my-gpt',
} as const;

/** The message of the config_invalid that these variables cause. */
function messageFor(env: Env): string {
  try {
    modelSettings(env);
  } catch (error) {
    expect(error).toMatchObject({ name: 'AgentError', code: 'config_invalid' });
    return (error as Error).message;
  }
  throw new Error('these variables are accepted');
}

test('a key alone means OpenAI with gpt-4.1', () => {
  expect(modelSettings({ OPENAI_API_KEY: 'sk-1' })).toEqual({
    provider: 'openai',
    model: 'gpt-4.1',
    apiKey: 'sk-1',
    baseURL: 'https://api.openai.com/v1',
  });
});

test('model and address of OpenAI can be set', () => {
  const env = { OPENAI_API_KEY: 'k', LLM_MODEL: 'llama', OPENAI_BASE_URL: 'http://127.0.0.1:11434/v1/' };

  expect(modelSettings(env)).toEqual({
    provider: 'openai',
    model: 'llama',
    apiKey: 'k',
    baseURL: 'http://127.0.0.1:11434/v1',
  });
});

test('an OpenAI key wins over Azure variables unless the provider is azure', () => {
  const { LLM_PROVIDER: _, ...variables } = azure;

  expect(modelSettings({ ...variables, OPENAI_API_KEY: 'sk-1' }).provider).toBe('openai');
});

test('the Azure trio means Azure with API version 2024-10-21', () => {
  expect(modelSettings(azure)).toEqual({
    provider: 'azure',
    model: 'my-gpt',
    apiKey: 'azure-key',
    endpoint: 'https://res.openai.azure.com',
    apiVersion: '2024-10-21',
  });
});

test('the provider is read in any case', () => {
  expect(modelSettings({ ...azure, LLM_PROVIDER: 'Azure' }).provider).toBe('azure');
});

test('the second names of the Azure key and deployment are accepted, and the first ones win', () => {
  const second = {
    LLM_PROVIDER: 'azure',
    AZURE_OPENAI_ENDPOINT: 'https://res.openai.azure.com',
    AZURE_OPENAI_API_KEY: 'second-key',
    AZURE_OPENAI_DEPLOYMENT_NAME: 'second-gpt',
  };

  expect(modelSettings(second)).toMatchObject({ apiKey: 'second-key', model: 'second-gpt' });
  expect(modelSettings({ ...second, ...azure })).toMatchObject({ apiKey: 'azure-key', model: 'my-gpt' });
});

test.each([
  'https://res.openai.azure.com/openai/v1/',
  'https://res.openai.azure.com/openai',
  'https://res.openai.azure.com/openai/v1/chat/completions',
  'https://res.openai.azure.com/openai/deployments/my-gpt/chat/completions?api-version=2024-10-21',
  'https://res.openai.azure.com/openai/responses?api-version=2025-04-01-preview',
])('the endpoint may be written as the portal shows it: %s', (endpoint) => {
  const settings = modelSettings({ ...azure, AZURE_OPENAI_ENDPOINT: endpoint });

  expect(settings).toMatchObject({ endpoint: 'https://res.openai.azure.com' });
});

test.each(['http://127.0.0.1:11434/v1/chat/completions', 'http://127.0.0.1:11434/v1/responses/'])(
  'the base URL may be the address of a call: %s',
  (url) => {
    const settings = modelSettings({ OPENAI_API_KEY: 'any', OPENAI_BASE_URL: url });

    expect(settings).toMatchObject({ baseURL: 'http://127.0.0.1:11434/v1' });
  },
);

test('one error lists everything that Azure misses', () => {
  expect(messageFor({ LLM_PROVIDER: 'azure' })).toBe(
    'LLM_PROVIDER is azure, but these are missing: AZURE_OPENAI_ENDPOINT, AZURE_OPENAI_KEY (or AZURE_OPENAI_API_KEY), ' +
      'AZURE_OPENAI_DEPLOYMENT (or AZURE_OPENAI_DEPLOYMENT_NAME).',
  );
});

test('an OpenAI key does not stand in for a missing Azure key', () => {
  const { AZURE_OPENAI_KEY: _, ...incomplete } = azure;

  expect(messageFor({ ...incomplete, OPENAI_API_KEY: 'sk-1' })).toBe(
    'LLM_PROVIDER is azure, but these are missing: AZURE_OPENAI_KEY (or AZURE_OPENAI_API_KEY).',
  );
});

test('an address without a key is configured half', () => {
  expect(messageFor({ OPENAI_BASE_URL: 'http://127.0.0.1:1/v1' })).toContain('OPENAI_API_KEY is missing');
});

test('an unknown provider is named beside the valid ones', () => {
  expect(messageFor({ LLM_PROVIDER: 'gemini', OPENAI_API_KEY: 'sk-1' })).toBe(
    'LLM_PROVIDER is "gemini"; valid values are openai and azure.',
  );
});

test.each(['localhost:8080/v1', 'ftp://host/v1', 'https://'])(
  'the bad address %s is refused by its variable',
  (url) => {
    expect(messageFor({ OPENAI_API_KEY: 'sk-1', OPENAI_BASE_URL: url })).toBe(
      'OPENAI_BASE_URL is not a URL that begins with http:// or https://.',
    );
    expect(messageFor({ ...azure, AZURE_OPENAI_ENDPOINT: url })).toContain('AZURE_OPENAI_ENDPOINT');
  },
);

test.each(['sk-1\nsk-2', 'sk-1 ', '“sk-1”'])('the mangled key %j is refused and not repeated', (key) => {
  expect(messageFor({ OPENAI_API_KEY: key })).toMatch(/^OPENAI_API_KEY contains a character/);
  expect(messageFor({ OPENAI_API_KEY: key })).not.toContain('sk-');
  expect(messageFor({ ...azure, AZURE_OPENAI_KEY: key })).toMatch(/^AZURE_OPENAI_KEY contains/);
});

test('nothing at all means the demo model, and the notice says how to go live', () => {
  expect(modelSettings({ LLM_MODEL: 'gpt-4.1', LLM_PROVIDER: 'openai' })).toEqual({
    provider: 'demo',
    notice:
      'No OPENAI_API_KEY is set, so the demo model on this machine answers. To go live, set it in .env or in the shell.',
  });
});

test('the notice points at Azure variables that are set and not used', () => {
  const { LLM_PROVIDER: _, ...variables } = azure;

  expect(modelSettings(variables)).toMatchObject({
    provider: 'demo',
    notice: expect.stringContaining('add LLM_PROVIDER=azure'),
  });
});
