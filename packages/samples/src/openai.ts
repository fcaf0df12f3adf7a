import { Agent } from '@turnstream/core';
import { OpenAIChatCompletionsClient } from '@turnstream/openai';

const client = new OpenAIChatCompletionsClient({
  model: 'gpt-4.1-mini',
  parameters: { temperature: 0.2, max_completion_tokens: 200 },
});

const { text, usage } = await new Agent({ client }).run('What is the capital of France?');
console.log(text, usage?.totalTokens);
