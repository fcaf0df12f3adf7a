// The requests of a tool loop, word for word, over both APIs and in both modes.
import { Agent } from '@turnstream/core';
import { answer, callTool, mockModel, rawReply, reply } from '@turnstream/testkit';
import { expect, test } from 'vitest';
import { OpenAIChatCompletionsClient, OpenAIResponsesClient } from '../../src/index.ts';
import { API_KEY } from '../both-apis.ts';
import { asks, getWeather } from './weather-loop.ts';

const { parameters } = getWeather;

const wireCall = (id: string, city: string) => ({
  id,
  type: 'function',
  function: { name: 'get_weather', arguments: `{"city":"${city}"}` },
});

test.each(asks)(
  'Chat Completions, $mode: the requests of a loop of two rounds and of the turn after it',
  async (row) => {
    using model = mockModel(
      callTool('get_weather', { city: 'Oslo' }, { callId: 'call_1' }),
      callTool('get_weather', { city: 'Lima' }, { callId: 'call_2' }),
      reply('Lima is warmer.'),
      reply('By 20 degrees.'),
    );
    const options = { model: 'gpt-4.1', apiKey: API_KEY, baseURL: model.baseURL, service: 'openai' } as const;
    const client = new OpenAIChatCompletionsClient(options);
    const agent = new Agent({ client, name: 'Atlas', instructions: 'Be brief.', tools: [getWeather] });
    const session = agent.createSession();

    const first = await row.ask(agent, 'Which is warmer, Oslo or Lima?', { session });
    const second = await row.ask(agent, 'By how much?', { session });

    const sentEachTime = {
      model: 'gpt-4.1',
      tools: [
        {
          type: 'function',
          function: { name: 'get_weather', description: 'Look up the current weather for a city.', parameters },
        },
      ],
      tool_choice: 'auto',
      stream: row.stream,
      ...(row.stream ? { stream_options: { include_usage: true } } : {}),
    };
    const system = { role: 'system', content: 'Be brief.' };
    const question = { role: 'user', content: 'Which is warmer, Oslo or Lima?' };
    const oslo = [
      { role: 'assistant', content: null, tool_calls: [wireCall('call_1', 'Oslo')] },
      { role: 'tool', tool_call_id: 'call_1', content: 'Snow, -3 C' },
    ];
    const lima = [
      { role: 'assistant', content: null, tool_calls: [wireCall('call_2', 'Lima')] },
      { role: 'tool', tool_call_id: 'call_2', content: 'Fog, 17 C' },
    ];
    const named = (messages: object[]) =>
      messages.map((message) => ('tool_calls' in message ? { ...message, name: 'Atlas' } : message));
    expect([first.text, second.text]).toEqual(['Lima is warmer.', 'By 20 degrees.']);
    expect(model.requests.map(({ body }) => body)).toEqual([
      { ...sentEachTime, messages: [system, question] },
      { ...sentEachTime, messages: [system, question, ...oslo] },
      { ...sentEachTime, messages: [system, question, ...oslo, ...lima] },
      {
        ...sentEachTime,
        messages: [
          system,
          question,
          ...named([...oslo, ...lima]),
          { role: 'assistant', name: 'Atlas', content: 'Lima is warmer.' },
          { role: 'user', content: 'By how much?' },
        ],
      },
    ]);
  },
);

const flatTool = {
  type: 'function',
  name: 'get_weather',
  description: 'Look up the current weather for a city.',
  parameters,
  strict: false,
};
const userItem = (text: string) => ({ type: 'message', role: 'user', content: [{ type: 'input_text', text }] });
const assistantItem = (text: string) => ({
  type: 'message',
  role: 'assistant',
  content: [{ type: 'output_text', text, annotations: [] }],
});
const callItem = (callId: string, city: string) => ({
  type: 'function_call',
  call_id: callId,
  name: 'get_weather',
  arguments: `{"city":"${city}"}`,
});
const outputItem = (callId: string, output: string) => ({ type: 'function_call_output', call_id: callId, output });

test.each(asks)(
  'Responses, $mode: the requests of a loop that is replayed, text and calls in their order',
  async (row) => {
    using model = mockModel(
      answer([
        reply('Checking.'),
        callTool('get_weather', { city: 'Oslo' }, { callId: 'call_a' }),
        callTool('get_weather', { city: 'Lima' }, { callId: 'call_b' }),
      ]),
      reply('Snow and fog.'),
    );
    const client = new OpenAIResponsesClient({ model: 'gpt-4.1', apiKey: API_KEY, baseURL: model.baseURL });
    const agent = new Agent({ client, instructions: 'Be brief.', tools: [getWeather] });

    const response = await row.ask(agent, 'Weather in Oslo and Lima?');

    const sentEachTime = {
      model: 'gpt-4.1',
      instructions: 'Be brief.',
      tools: [flatTool],
      tool_choice: 'auto',
      stream: row.stream,
      store: false,
    };
    const asked = userItem('Weather in Oslo and Lima?');
    expect(response.text).toBe('Checking.Snow and fog.');
    expect(model.requests.map(({ body }) => body)).toEqual([
      { ...sentEachTime, input: [asked] },
      {
        ...sentEachTime,
        input: [
          asked,
          assistantItem('Checking.'),
          callItem('call_a', 'Oslo'),
          callItem('call_b', 'Lima'),
          outputItem('call_a', 'Snow, -3 C'),
          outputItem('call_b', 'Fog, 17 C'),
        ],
      },
    ]);
  },
);

test.each(asks)(
  'Responses, $mode: with history at the service only the results are sent, and the chain goes on',
  async (row) => {
    using model = mockModel(
      callTool('get_weather', { city: 'Lima' }, { callId: 'call_81', id: 'resp_181' }),
      reply('Foggy.', { id: 'resp_182' }),
      reply('You are welcome.', { id: 'resp_183' }),
    );
    const client = new OpenAIResponsesClient({ model: 'gpt-4.1', apiKey: API_KEY, baseURL: model.baseURL });
    const agent = new Agent({ client, tools: [getWeather], history: 'service' });
    const session = agent.createSession();

    await row.ask(agent, 'Weather in Lima?', { session });
    const between = session.serviceSessionId;
    await row.ask(agent, 'Thanks.', { session });

    const sentEachTime = { model: 'gpt-4.1', tools: [flatTool], tool_choice: 'auto', stream: row.stream };
    expect(model.requests.map(({ body }) => body)).toEqual([
      { ...sentEachTime, input: [userItem('Weather in Lima?')] },
      { ...sentEachTime, input: [outputItem('call_81', 'Fog, 17 C')], previous_response_id: 'resp_181' },
      { ...sentEachTime, input: [userItem('Thanks.')], previous_response_id: 'resp_182' },
    ]);
    expect([between, session.serviceSessionId]).toEqual(['resp_182', 'resp_183']);
  },
);

test.each(asks)(
  'Responses, $mode: a reasoning model gets its encrypted reasoning back in front of the call',
  async (row) => {
    const output = [
      { type: 'reasoning', id: 'rs_1', summary: [], encrypted_content: 'xyz' },
      { type: 'function_call', id: 'fc_1', call_id: 'call_1', name: 'get_weather', arguments: '{"city":"Oslo"}' },
    ];
    const response = { id: 'resp_1', object: 'response', status: 'completed', output };
    const events = [
      { type: 'response.created', response: { ...response, status: 'in_progress', output: [] } },
      ...output.map((item, output_index) => ({ type: 'response.output_item.done', output_index, item })),
      { type: 'response.completed', response },
    ].map((event, sequence_number) => `data: ${JSON.stringify({ ...event, sequence_number })}\n\n`);
    using model = mockModel(
      row.stream
        ? rawReply({ headers: { 'content-type': 'text/event-stream' }, body: events })
        : rawReply({ headers: { 'content-type': 'application/json' }, body: JSON.stringify(response) }),
      reply('Snow.'),
    );
    const client = new OpenAIResponsesClient({ model: 'o4-mini', apiKey: API_KEY, baseURL: model.baseURL });

    await row.ask(new Agent({ client, tools: [getWeather] }), 'Weather?');

    expect(model.requests[0]!.body).toMatchObject({ store: false, include: ['reasoning.encrypted_content'] });
    expect(model.requests[1]!.body['input']).toEqual([
      userItem('Weather?'),
      { type: 'reasoning', id: 'rs_1', summary: [], encrypted_content: 'xyz' },
      callItem('call_1', 'Oslo'),
      outputItem('call_1', 'Snow, -3 C'),
    ]);
  },
);
