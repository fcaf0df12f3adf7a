// Through `@ai-sdk/anthropic` as it is published, on a loopback that speaks the Messages API.
import { createAnthropic } from '@ai-sdk/anthropic';
import { Agent, AgentSession, dataContent, type Tool, tool } from '@turnstream/core';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { AISDKClient, type AISDKClientOptions, type AISDKParameters } from '../src/index.ts';
import { events, frame, message, redacted, streamed, text, thinking, toolUse } from './wire/anthropic.ts';
import { type Loopback, serve, whole } from './wire/loopback.ts';

const weather: Tool = tool({
  name: 'get_weather',
  description: 'The weather in a city.',
  parameters: z.object({ city: z.string() }),
  execute: ({ city }) => (city === 'Oslo' ? 'Snow' : 'Rain'),
});

const thought = thinking('They ask about Oslo.', 'EqQBsig==');
const callOslo = toolUse('toolu_01', 'get_weather', { city: 'Oslo' });

function agentOver(service: Loopback, options: Partial<AISDKClientOptions> = {}): Agent<AISDKParameters> {
  const provider = createAnthropic({ baseURL: `${service.url}/v1`, apiKey: 'sk-ant-loopback' });
  const client = new AISDKClient({ model: provider('claude-sonnet-4-5'), provider, maxRetries: 0, ...options });
  return new Agent({ client, instructions: 'Be brief.', tools: [weather] });
}

/** The messages that the service was sent last. */
function sent(service: Loopback): unknown {
  return service.asked.at(-1)?.body['messages'];
}

const afterTheCall = [
  { role: 'user', content: [{ type: 'text', text: 'Weather in Oslo?' }] },
  { role: 'assistant', content: [thought, callOslo] },
  { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'toolu_01', content: 'Snow' }] },
];

test('a streamed tool loop sends the thinking back with its signature', async () => {
  await using service = await serve(streamed([thought, callOslo], 'tool_use'), streamed([text('It snows.')]));

  const updates = await Array.fromAsync(agentOver(service).runStreaming('Weather in Oslo?'));

  expect(updates.map((update) => update.text).join('')).toBe('It snows.');
  expect(service.asked[0]?.body).toMatchObject({ stream: true, system: [{ type: 'text', text: 'Be brief.' }] });
  expect(sent(service)).toMatchObject(afterTheCall);
});

test('a whole tool loop sends the same', async () => {
  await using service = await serve(
    whole(message([thought, callOslo], 'tool_use')),
    whole(message([text('It snows.')])),
  );

  const response = await agentOver(service).run('Weather in Oslo?');

  expect(response.text).toBe('It snows.');
  expect(service.asked[0]?.body).not.toHaveProperty('stream', true);
  expect(sent(service)).toMatchObject(afterTheCall);
});

test('what a session kept as JSON goes back in the next turn, hidden thoughts and two thoughts in a row included', async () => {
  const second = thinking('And Lima?', 'EqQBmore==');
  await using service = await serve(
    streamed([thought, second, redacted('EmwKhidden'), callOslo], 'tool_use'),
    streamed([text('It snows.')]),
    streamed([text('Yes.')]),
  );
  const agent = agentOver(service);
  const session = agent.createSession();

  await agent.runStreaming('Weather in Oslo?', { session }).finalResponse();
  const later = AgentSession.fromJSON(JSON.parse(JSON.stringify(session)));
  await agent.runStreaming('Sure?', { session: later }).finalResponse();

  expect(sent(service)).toMatchObject([
    { role: 'user' },
    { role: 'assistant', content: [thought, second, redacted('EmwKhidden'), callOslo] },
    { role: 'user' },
    { role: 'assistant', content: [{ type: 'text', text: 'It snows.' }] },
    { role: 'user', content: [{ type: 'text', text: 'Sure?' }] },
  ]);
});

test('usage, finish reason and what the service says of the answer are passed on', async () => {
  await using service = await serve(streamed([text('It snows.')], 'max_tokens'));

  const response = await agentOver(service).runStreaming('Weather in Oslo?').finalResponse();

  expect(response).toMatchObject({
    status: 'incomplete',
    finishReason: 'length',
    responseId: 'msg_01',
    usage: { inputTokens: 100, cachedInputTokens: 60, outputTokens: 25, totalTokens: 125 },
    metadata: { model: 'claude-sonnet-4-5-20250929', requestId: 'req_011' },
  });
});

test('parameters, headers and the model of one run reach the service', async () => {
  await using service = await serve(streamed([text('A')]));
  const providerOptions = { anthropic: { thinking: { type: 'enabled', budgetTokens: 2000 } } };
  const agent = agentOver(service, { parameters: { maxOutputTokens: 500, temperature: 0.5 } });

  await agent
    .runStreaming('Hello', {
      model: 'claude-opus-4-1',
      parameters: { temperature: undefined, providerOptions },
      headers: { 'x-team': 'weather' },
    })
    .finalResponse();

  expect(service.asked[0]).toMatchObject({
    body: { model: 'claude-opus-4-1', thinking: { type: 'enabled', budget_tokens: 2000 } },
    headers: { 'x-team': 'weather' },
  });
  expect(service.asked[0]?.body).not.toHaveProperty('temperature');
});

test('images and files of a question, and an error of a tool, are sent in the words of the service', async () => {
  await using service = await serve(
    streamed([toolUse('toolu_01', 'get_weather', { city: 7 })], 'tool_use'),
    streamed([text('A')]),
  );
  const png = dataContent(Uint8Array.of(1, 2, 3), 'image/png');
  const pdf = { type: 'uri', uri: 'https://example.com/a.pdf', mediaType: 'application/pdf' } as const;

  await agentOver(service)
    .runStreaming([{ role: 'user', contents: [{ type: 'text', text: 'Look:' }, png, pdf] }])
    .finalResponse();

  expect(sent(service)).toMatchObject([
    {
      role: 'user',
      content: [
        { type: 'text', text: 'Look:' },
        { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AQID' } },
        { type: 'document', source: { type: 'url', url: 'https://example.com/a.pdf' } },
      ],
    },
    { role: 'assistant' },
    { role: 'user', content: [{ type: 'tool_result', is_error: true }] },
  ]);
});

test('the tool that must be called and the shape of the answer are asked for', async () => {
  await using service = await serve(streamed([callOslo], 'tool_use'), streamed([text('{"snow":true}')]));
  const output = z.object({ snow: z.boolean() });

  const stream = agentOver(service).runStreaming('Weather in Oslo?', { toolChoice: { name: 'get_weather' }, output });
  const response = await stream.finalResponse();

  expect(response.value).toEqual({ snow: true });
  expect(service.asked[0]?.body).toMatchObject({
    tool_choice: { type: 'tool', name: 'get_weather' },
    output_config: { format: { type: 'json_schema', schema: { properties: { snow: { type: 'boolean' } } } } },
  });
});

test('leaving the loop closes the connection, also while the model is silent', async () => {
  await using service = await serve({ chunks: events([text('It snows.')]).slice(0, 5), ending: 'hold' });
  const stream = agentOver(service).runStreaming('Weather in Oslo?');

  for await (const update of stream) if (update.text !== '') break;

  await expect(service.asked[0]?.leftEarly).resolves.toBe(true);
});

test.for(['end', 'reset'] as const)(
  'an answer without its end is stream_truncated, with what there is: %s',
  async (ending) => {
    const chunks = events([text('It snows.')]).slice(0, 5);
    await using service = await serve({ headers: { 'request-id': 'req_9' }, chunks, ending });

    const run = agentOver(service).runStreaming('Weather in Oslo?').finalResponse();

    await expect(run).rejects.toMatchObject({
      code: 'stream_truncated',
      requestId: 'req_9',
      partial: { text: 'It snows.' },
    });
  },
);

test('an error inside an answer is the one that the service reports', async () => {
  const overloaded = frame({ type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } });
  await using service = await serve({ chunks: [...events([text('It snows.')]).slice(0, 5), overloaded] });

  const run = agentOver(service).runStreaming('Weather in Oslo?').finalResponse();

  await expect(run).rejects.toMatchObject({ code: 'server_error', serviceCode: 'overloaded_error' });
});

test('an overloaded service is asked again', async () => {
  const overloaded = { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } };
  await using service = await serve(whole(overloaded, 529, { 'retry-after': '0' }), streamed([text('It snows.')]));

  const response = await agentOver(service, { maxRetries: 1 }).runStreaming('Weather in Oslo?').finalResponse();

  expect(response.text).toBe('It snows.');
});

test.for([
  [400, 'invalid_request_error', 'prompt is too long: 210000 tokens > 200000 maximum', 'context_length'],
  [401, 'authentication_error', 'invalid x-api-key', 'auth'],
  [404, 'not_found_error', 'model: claude-0', 'not_found'],
  [429, 'rate_limit_error', 'Slow down', 'rate_limited'],
] as const)('status %i, %s, is the error of its code', async ([status, type, words, code]) => {
  await using service = await serve(
    whole({ type: 'error', error: { type, message: words } }, status, { 'request-id': 'req_9' }),
  );

  const error = await agentOver(service)
    .run('Weather in Oslo?')
    .catch((reason: unknown) => reason);

  expect(error).toMatchObject({ code, status, serviceCode: type, requestId: 'req_9' });
  expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain('Weather in Oslo?');
});
