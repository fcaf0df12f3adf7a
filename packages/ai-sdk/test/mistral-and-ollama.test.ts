// A tool loop through `@ai-sdk/mistral` and `ollama-ai-provider-v2` as they are published.
import { createMistral } from '@ai-sdk/mistral';
import { Agent, type Tool, tool } from '@turnstream/core';
import { callTool, reply, serveModel } from '@turnstream/testkit';
import { createOllama } from 'ollama-ai-provider-v2';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { AISDKClient } from '../src/index.ts';
import { serve } from './wire/loopback.ts';
import { streamed } from './wire/ollama.ts';

const weather: Tool = tool({
  name: 'get_weather',
  description: 'The weather in a city.',
  parameters: z.object({ city: z.string() }),
  execute: () => 'Snow',
});

test('Mistral: a streamed tool loop', async () => {
  await using service = await serveModel(
    callTool('get_weather', '{"city":"Oslo"}', { callId: 'D681PevKs' }),
    reply('It snows.'),
  );
  const provider = createMistral({ baseURL: service.baseURL, apiKey: 'loopback' });
  const client = new AISDKClient({ model: provider('mistral-large-latest'), maxRetries: 0 });

  const response = await new Agent({ client, tools: [weather] }).runStreaming('Weather in Oslo?').finalResponse();

  expect(response.text).toBe('It snows.');
  expect(service.requests[1]?.messages).toMatchObject([
    { role: 'user', text: 'Weather in Oslo?' },
    { role: 'assistant', calls: [{ callId: 'D681PevKs', name: 'get_weather', arguments: '{"city":"Oslo"}' }] },
    { role: 'tool', callId: 'D681PevKs', text: 'Snow' },
  ]);
});

test('Ollama: a streamed tool loop sends the thinking back', async () => {
  const call = { function: { name: 'get_weather', arguments: { city: 'Oslo' } } };
  await using service = await serve(
    streamed({ thinking: 'They ask.' }, { tool_calls: [call] }),
    streamed({ content: 'It snows.' }),
  );
  const provider = createOllama({ baseURL: `${service.url}/api` });
  const client = new AISDKClient({ model: provider('qwen3'), maxRetries: 0 });

  const response = await new Agent({ client, tools: [weather] }).runStreaming('Weather in Oslo?').finalResponse();

  expect(response).toMatchObject({ text: 'It snows.', usage: { inputTokens: 52, outputTokens: 18 } });
  expect(service.asked[1]?.body['messages']).toMatchObject([
    { role: 'user', content: 'Weather in Oslo?' },
    { role: 'assistant', thinking: 'They ask.', tool_calls: [call] },
    { role: 'tool', content: 'Snow' },
  ]);
});
