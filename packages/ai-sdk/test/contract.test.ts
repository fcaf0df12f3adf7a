import { createOpenAI } from '@ai-sdk/openai';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { chatClientContract } from '@turnstream/testkit/contracts';
import { AISDKClient } from '../src/index.ts';

const apiKey = 'sk-ai-sdk-contract-000';

/** What the interface itself cannot express. */
const ofV4 = {
  'yields a refusal as its own kind of content, streamed or not':
    'LanguageModelV4 has no content for refusals and providers give them as text',
  'ends at the end mark even if the connection stays open, and then closes it':
    'a provider says `finish` when the body ends, so only a limit of the run ends the wait',
};

chatClientContract(
  'AISDKClient over @ai-sdk/openai-compatible',
  ({ baseURL, model }) => {
    const service = { name: 'loopback', baseURL, apiKey, includeUsage: true, supportsStructuredOutputs: true };
    return new AISDKClient({ model: createOpenAICompatible(service)(model), maxRetries: 0 });
  },
  {
    exceptions: {
      ...ofV4,
      'ignores events it does not know': 'the provider reports a frame it does not know as broken',
    },
  },
);

chatClientContract(
  'AISDKClient over the Responses API of @ai-sdk/openai',
  ({ baseURL, model }) => {
    return new AISDKClient({ model: createOpenAI({ baseURL, apiKey }).responses(model), maxRetries: 0 });
  },
  {
    exceptions: {
      ...ofV4,
      'generates an id for each call that has none, the same for all of its fragments':
        'the provider reports a call without an id as a broken answer',
    },
  },
);
