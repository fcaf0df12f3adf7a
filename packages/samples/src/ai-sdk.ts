import { openai } from '@ai-sdk/openai';
import { AISDKClient } from '@turnstream/ai-sdk';
import { Agent } from '@turnstream/core';

// Any provider of the AI SDK: anthropic('claude-sonnet-4-5'), google('gemini-3-pro-preview'), mistral('mistral-large-latest').
const client = new AISDKClient({
  model: openai('gpt-4.1-mini'),
  parameters: { temperature: 0.2, maxOutputTokens: 200 },
});

const { text } = await new Agent({ client }).run('What is the capital of France?');
console.log(text);
