// `@ai-sdk/openai-compatible`, unmodified, against a served agent.
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { reply } from '@turnstream/testkit';
import { generateText } from 'ai';
import { expect, test } from 'vitest';
import { serve, TOKEN } from './served.ts';

test('a second turn carries the first, because the client sends both', async () => {
  await using shop = await serve({ steps: [reply('It shipped.'), reply('Tomorrow.')], openai: {} });
  const provider = createOpenAICompatible({ name: 'shop', baseURL: `${shop.url}/v1`, apiKey: TOKEN });
  const model = provider('shop');

  const first = await generateText({ model, prompt: 'Where is my order?' });
  const second = await generateText({
    model,
    messages: [
      { role: 'user', content: 'Where is my order?' },
      { role: 'assistant', content: first.text },
      { role: 'user', content: 'When does it arrive?' },
    ],
  });

  expect([first.text, second.text]).toEqual(['It shipped.', 'Tomorrow.']);
  expect(shop.model.requests[1]?.texts).toEqual(['Where is my order?', 'It shipped.', 'When does it arrive?']);
});
