// A loop of tool calls over both APIs, whole and streamed.
import { Agent, type AgentOptions, tool } from '@turnstream/core';
import { resultsOf } from '@turnstream/core/seams';
import { answer, callTool, mockModel, refuse, reply } from '@turnstream/testkit';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { bothApis, responses } from '../both-apis.ts';
import { getWeather, rows } from './weather-loop.ts';

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

test.each(rows)('$name, $mode: a call without arguments runs once, also between two messages', async (row) => {
  let runs = 0;
  const list = tool({ name: 'list', description: 'Lists.', execute: () => `run ${++runs}` });
  const listing = answer([reply('Let me see. '), callTool('list', {}, { callId: 'call_a' }), reply('A moment.')]);
  using model = mockModel(listing, reply('Done.'));
  const agent = new Agent({ client: row.api.newClient({ baseURL: model.baseURL }), tools: [list] });

  const { messages } = await row.ask(agent, 'List them.');

  expect(messages.flatMap(resultsOf)).toEqual([{ type: 'function_result', callId: 'call_a', result: 'run 1' }]);
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

test("a tool choice also applies to the service's own tools", async () => {
  using model = mockModel(reply('Hi.'));
  const client = responses.newClient({ baseURL: model.baseURL });
  const parameters = { tools: [{ type: 'web_search' as const }] };

  await new Agent({ client, parameters }).run('Hi', { toolChoice: 'none' });

  expect(model.requests[0]?.toolChoice).toBe('none');
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
