import { backgroundContract, chatClientContract } from '@turnstream/testkit/contracts';
import { AzureOpenAI } from 'openai';
import { OpenAIChatCompletionsClient, OpenAIResponsesClient } from '../src/index.ts';

const apiKey = 'test-key';
const overFetch: typeof globalThis.fetch = (input, init) => globalThis.fetch(input, init);
/** By its base URL: the SDK refuses `endpoint` while OPENAI_BASE_URL is set. */
const azure = (origin: string) =>
  new AzureOpenAI({ baseURL: `${origin}/openai`, apiKey, apiVersion: '2025-03-01-preview', maxRetries: 0 });

chatClientContract('OpenAIChatCompletionsClient', ({ baseURL, model }) => {
  return new OpenAIChatCompletionsClient({ baseURL, model, apiKey, maxRetries: 0 });
});

chatClientContract('OpenAIResponsesClient', ({ baseURL, model }) => {
  return new OpenAIResponsesClient({ baseURL, model, apiKey, maxRetries: 0 });
});

chatClientContract('OpenAIChatCompletionsClient on Azure', ({ origin, model }) => {
  return new OpenAIChatCompletionsClient({ model, client: azure(origin) });
});

chatClientContract('OpenAIResponsesClient on Azure', ({ origin, model }) => {
  return new OpenAIResponsesClient({ model, client: azure(origin) });
});

backgroundContract('OpenAIResponsesClient in the background', ({ baseURL, model }) => {
  return new OpenAIResponsesClient({ baseURL, model, apiKey, maxRetries: 0 });
});

backgroundContract('OpenAIResponsesClient in the background on Azure', ({ origin, model }) => {
  return new OpenAIResponsesClient({ model, client: azure(origin) });
});

chatClientContract('OpenAIChatCompletionsClient over fetch', ({ baseURL, model }) => {
  return new OpenAIChatCompletionsClient({ baseURL, model, apiKey, maxRetries: 0, fetch: overFetch });
});

chatClientContract('OpenAIResponsesClient over fetch', ({ baseURL, model }) => {
  return new OpenAIResponsesClient({ baseURL, model, apiKey, maxRetries: 0, fetch: overFetch });
});
