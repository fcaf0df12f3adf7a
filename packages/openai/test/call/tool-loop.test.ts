import { Agent, type AgentOptions, tool } from '@turnstream/core';
import { answer, callTool, mockModel, rawReply, refuse, reply } from '@turnstream/testkit';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { OpenAIChatCompletionsClient, OpenAIResponsesClient } from '../../src/index.ts';
import { API_KEY, bothApis } from '../both-apis.ts';

const reports: Record<string, string> = { Oslo: 'Snow, -3 C', Lima: 'Fog, 17 C' };
const getWeather = tool({
  name: 'get_weather',
  description: 'Look up the current weather for a city.',
  parameters: z.object({ city: z.string() }),
  execute: ({ city }) => reports[city] ?? 'Unknown city',
});
const { parameters } = getWeather;

type Ask = (agent: Agent, question: string, options?: Parameters<Agent['run']>[1]) => ReturnType<Agent['run']>;
const asks: { mode: string; stream: boolean; ask: Ask }[] = [
  { mode: 'whole', stream: false, ask: (agent, question, options) => agent.run(question, options) },
  {
    mode: 'streamed',
    stream: true,
    ask: (agent, question, options) => agent.runStreaming(question, options).finalResponse(),
  },
];
const rows = bothApis.flatMap((api) => asks.map((each) => ({ ...each, api, name: api.name })));

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

test.each(rows)('$name, $mode: calls that come interleaved run on their own arguments, in call order', async (row) => {
  const calls = [
    callTool('get_weather', ['{"city":', '"Oslo"}'], { callId: 'call_a' }),
    callTool('get_weather', ['{"city":', '"Lima"}'], { callId: 'call_b' }),
  ];
  using model = mockModel(answer(calls, { interleave: true }), reply('Snow and fog.'));
  const agent = new Agent({ client: row.api.newClient({ baseURL: model.baseURL }), tools: [getWeather] });

  const { messages } = await row.ask(agent, 'Weather in Oslo and Lima?');

  expect(messages.map((message) => message.contents)).toEqual([
    [
      { type: 'function_call', callId: 'call_a', name: 'get_weather', arguments: '{"city":"Oslo"}' },
      { type: 'function_call', callId: 'call_b', name: 'get_weather', arguments: '{"city":"Lima"}' },
    ],
    [
      { type: 'function_result', callId: 'call_a', result: 'Snow, -3 C' },
      { type: 'function_result', callId: 'call_b', result: 'Fog, 17 C' },
    ],
    'Snow and fog.',
  ]);
});

test.each(
  rows.flatMap((row) =>
    (
      [
        ['no ids', { callId: null }],
        ['no indexes', { index: null }],
        ['every index 0', { index: 0 }],
        ['neither ids nor indexes', { callId: null, index: null }],
        ['late names', { lateName: true }],
        ['arguments in the done events', { argumentsIn: 'done' }],
        ['arguments in the item', { argumentsIn: 'item' }],
      ] as const
    ).map(([what, options]) => ({ ...row, what, options })),
  ),
)('$name, $mode: two calls of a service with $what both run', async ({ api, ask, options }) => {
  const calls = ['Oslo', 'Lima'].map((city) => callTool('get_weather', { city }, options));
  using model = mockModel(answer(calls), reply('Snow and fog.'));
  const agent = new Agent({ client: api.newClient({ baseURL: model.baseURL }), tools: [getWeather] });

  const { messages, text } = await ask(agent, 'Weather in Oslo and Lima?');

  expect(messages[1]?.contents).toMatchObject([{ result: 'Snow, -3 C' }, { result: 'Fog, 17 C' }]);
  expect(text).toBe('Snow and fog.');
});

test.each(rows)('$name, $mode: a choice that forces a call is sent once, in the words of the API', async (row) => {
  using model = mockModel(callTool('get_weather', { city: 'Oslo' }), reply('Snow.'));
  const agent = new Agent({ client: row.api.newClient({ baseURL: model.baseURL }), tools: [getWeather] });

  await row.ask(agent, 'Weather?', { toolChoice: { name: 'get_weather' } });

  expect(model.requests.map(({ toolChoice }) => toolChoice)).toEqual([{ name: 'get_weather' }, 'auto']);
});

test.each(rows)('$name, $mode: the model gets the error of a failed call, and nothing of it is kept', async (row) => {
  const failing = tool({
    name: 'get_tides',
    description: 'Fails.',
    parameters: z.object({}),
    execute: () => {
      throw new Error('sensor offline (secret host db-7)');
    },
  });
  const calls = [callTool('get_tides', {}), callTool('get_moon', {}), callTool('', {})];
  using model = mockModel(answer(calls), reply('Sorry.'));
  const agent = new Agent({ client: row.api.newClient({ baseURL: model.baseURL }), tools: [failing] });
  const session = agent.createSession();

  await row.ask(agent, 'Tides?', { session });

  const sent = JSON.stringify(model.requests[1]!.body);
  expect(sent).toContain('Error: Function failed.');
  expect(sent).toContain(String.raw`Error: Requested function \"get_moon\" not found.`);
  expect(sent).toContain(String.raw`Error: Requested function \"\" not found.`);
  expect(sent + JSON.stringify(session)).not.toContain('db-7');
});

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

const Weather = z.object({ city: z.string(), celsius: z.number() });

test.each(rows)('$name, $mode: an answer of the asked shape is a value', async (row) => {
  using model = mockModel(
    callTool('get_weather', { city: 'Lima' }),
    reply(['{"city":"Lima",', '"celsius":17}']),
    refuse('Sorry, no.'),
  );
  const agent = new Agent({ client: row.api.newClient({ baseURL: model.baseURL }), tools: [getWeather] });
  const options = { output: Weather } as unknown as { output: never };

  const { value } = await row.ask(agent, 'Weather in Lima?', options);
  const refused = await row.ask(agent, 'Weather in Oslo?', options);

  expect(value).toEqual({ city: 'Lima', celsius: 17 });
  expect([refused.value, refused.text]).toEqual([undefined, 'Sorry, no.']);
  for (const { body } of model.requests) {
    expect(body['response_format'] ?? body['text']).toMatchObject(
      row.api.name === 'Responses'
        ? { format: { type: 'json_schema', name: 'answer', strict: true, schema: { required: ['city', 'celsius'] } } }
        : { json_schema: { name: 'answer', strict: true, schema: { required: ['city', 'celsius'] } } },
    );
  }
});

test.each(bothApis)(
  '$name: call, result and text come in order, and text alone is the same without looking',
  async (api) => {
    const options: Omit<AgentOptions, 'client'> = { name: 'Atlas', tools: [getWeather] };
    using model = mockModel(
      answer([reply('Checking. '), callTool('get_weather', ['{"city":', '"Oslo"}'])]),
      reply(['Sn', 'ow.']),
    );
    const stream = new Agent({ client: api.newClient({ baseURL: model.baseURL }), ...options }).runStreaming(
      'Weather?',
    );

    const updates = await Array.fromAsync(stream);

    const kinds = updates.flatMap((update) => update.contents.map((content) => content.type));
    expect(kinds.filter((kind, index) => kind !== kinds[index - 1])).toEqual([
      'text',
      'function_call',
      'function_result',
      'text',
    ]);
    expect(updates.map((update) => update.text).join('')).toBe('Checking. Snow.');
    expect(updates.flatMap((update) => update.finishReason ?? [])).toEqual(['tool_calls', 'stop']);
    expect(new Set(updates.map((update) => update.authorName))).toEqual(new Set(['Atlas']));
  },
);
