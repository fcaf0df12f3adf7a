// Through `@ai-sdk/google` as it is published, on a loopback that speaks the Gemini API.
import { createGoogle } from '@ai-sdk/google';
import { Agent, type Tool, tool } from '@turnstream/core';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { AISDKClient } from '../src/index.ts';
import { chunk, type Part, streamed } from './wire/google.ts';
import { type Loopback, serve, whole } from './wire/loopback.ts';

const weather: Tool = tool({
  name: 'get_weather',
  description: 'The weather in a city.',
  parameters: z.object({ city: z.string() }),
  execute: ({ city }) => (city === 'Oslo' ? 'Snow' : 'Rain'),
});

const callOslo: Part = {
  functionCall: { name: 'get_weather', args: { city: 'Oslo' } },
  thoughtSignature: 'c2lnbmVkIE9zbG8=',
};
/** Of calls in one answer only the first is signed. */
const callLima: Part = { functionCall: { name: 'get_weather', args: { city: 'Lima' } } };

function agentOver(service: Loopback): Agent {
  const provider = createGoogle({ baseURL: `${service.url}/v1beta`, apiKey: 'loopback' });
  const client = new AISDKClient({ model: provider('gemini-3-pro-preview'), maxRetries: 0 });
  return new Agent({ client, instructions: 'Be brief.', tools: [weather] });
}

/** The contents that the service was sent last. */
function sent(service: Loopback): unknown {
  return service.asked.at(-1)?.body['contents'];
}

const calls: readonly Part[] = [{ text: 'They ask twice.', thought: true }, callOslo, callLima];

const afterTheCalls = [
  { role: 'user', parts: [{ text: 'Weather in Oslo and Lima?' }] },
  { role: 'model', parts: [{ text: 'They ask twice.', thought: true }, callOslo, callLima] },
  {
    role: 'user',
    parts: [
      { functionResponse: { name: 'get_weather', response: { content: 'Snow' } } },
      { functionResponse: { name: 'get_weather', response: { content: 'Rain' } } },
    ],
  },
];

test('a streamed tool loop sends each call back with its own signature', async () => {
  await using service = await serve(streamed(calls), streamed([{ text: 'Snow, rain.' }]));

  const updates = await Array.fromAsync(agentOver(service).runStreaming('Weather in Oslo and Lima?'));

  expect(updates.map((update) => update.text).join('')).toBe('Snow, rain.');
  expect(service.asked[0]?.path).toContain('gemini-3-pro-preview:streamGenerateContent?alt=sse');
  expect(sent(service)).toMatchObject(afterTheCalls);
});

test('a whole tool loop sends the same', async () => {
  await using service = await serve(whole(chunk(calls, 'STOP')), whole(chunk([{ text: 'Snow, rain.' }], 'STOP')));

  const response = await agentOver(service).run('Weather in Oslo and Lima?');

  expect(response.text).toBe('Snow, rain.');
  expect(sent(service)).toMatchObject(afterTheCalls);
});

test('the signature of a text goes back with the text', async () => {
  const signed = { text: '', thoughtSignature: 'dGV4dA==' };
  await using service = await serve(
    streamed([{ text: 'It ' }, { text: 'snows.' }, signed]),
    streamed([{ text: 'Yes.' }]),
  );
  const agent = agentOver(service);
  const session = agent.createSession();

  await agent.runStreaming('Weather in Oslo?', { session }).finalResponse();
  await agent.runStreaming('Sure?', { session }).finalResponse();

  expect(sent(service)).toMatchObject([
    { role: 'user' },
    { role: 'model', parts: [{ text: 'It snows.', thoughtSignature: 'dGV4dA==' }] },
    { role: 'user', parts: [{ text: 'Sure?' }] },
  ]);
});

test('cached and reasoning tokens are counted as the service counts them', async () => {
  await using service = await serve(streamed([{ text: 'A' }]));

  const response = await agentOver(service).runStreaming('Hello').finalResponse();

  expect(response.usage).toEqual({
    inputTokens: 120,
    cachedInputTokens: 100,
    outputTokens: 32,
    reasoningTokens: 12,
    totalTokens: 152,
  });
  expect(response.responseId).toBe('xRS0aZC5BNHV');
});

test('an answer that was stopped by a filter is incomplete', async () => {
  await using service = await serve(streamed([{ text: 'Well' }], 'SAFETY'));

  const response = await agentOver(service).runStreaming('Hello').finalResponse();

  expect(response).toMatchObject({ status: 'incomplete', finishReason: 'content_filter', text: 'Well' });
});

test('an answer without its end is stream_truncated, with what there is', async () => {
  const [first = ''] = streamed([{ text: 'It ' }, { text: 'snows.' }]).chunks;
  await using service = await serve({ chunks: [first] });

  const run = agentOver(service).runStreaming('Weather in Oslo?').finalResponse();

  await expect(run).rejects.toMatchObject({ code: 'stream_truncated', partial: { text: 'It ' } });
});

test('an error says what the service calls it', async () => {
  const error = { code: 429, message: 'Quota exceeded', status: 'RESOURCE_EXHAUSTED' };
  await using service = await serve(whole({ error }, 429));

  const run = agentOver(service).run('Hello');

  await expect(run).rejects.toMatchObject({ code: 'rate_limited', status: 429, serviceCode: 'RESOURCE_EXHAUSTED' });
});
