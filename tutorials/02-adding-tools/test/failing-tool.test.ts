// What can go wrong with a call, each as something the model reads and the program can tell.
import { contentsOf } from '@turnstream/core';
import { callTool, mockModel, reply } from '@turnstream/testkit';
import { expect, test } from 'vitest';
import { brokenWeather } from '../broken-weather.ts';
import { weatherAgent } from '../weather-agent.ts';
import { bothApis } from './both-apis.ts';

test.each(bothApis)(
  'the model never reads a tool’s exception: it reads that the call failed, over %s',
  async (_, clientFor) => {
    using model = mockModel(callTool('get_weather', { city: 'Paris' }), reply('I cannot look it up now.'));
    const thrown: string[] = [];
    const agent = weatherAgent(clientFor(model.baseURL), {
      tools: [brokenWeather],
      onToolError: (error, call) => thrown.push(`${call.name}: ${String(error)}`),
    });
    const session = agent.createSession();

    const response = await agent.run('Weather in Paris?', { session });

    expect(model.requests[1]!.texts.at(-1)).toBe('Error: Function failed.');
    expect(thrown).toEqual(['get_weather: Error: weather-db-7.internal refused the query for Paris']);
    expect(response.text).toBe('I cannot look it up now.');
    expect(JSON.stringify([session, model.requests])).not.toContain('weather-db-7');
  },
);

test.each(bothApis)(
  'arguments of the wrong shape never reach the tool: the model reads the problem and corrects it, over %s',
  async (_, clientFor) => {
    using model = mockModel(
      callTool('get_weather', { town: 'Paris' }),
      callTool('get_weather', { city: 'Paris' }),
      reply('Sunny.'),
    );

    const response = await weatherAgent(clientFor(model.baseURL)).run('Weather in Paris?');

    expect(model.requests.slice(1).map((request) => request.texts.at(-1))).toEqual([
      'Error: Argument parsing failed. city: Invalid input: expected string, received undefined',
      'Sunny, 18°C, light breeze',
    ]);
    expect(response.text).toBe('Sunny.');
  },
);

test.each(
  bothApis.flatMap(([api, clientFor]) =>
    (['tool_calls', 'stop'] as const).map((end) => [api, end, clientFor] as const),
  ),
)(
  'arguments that break off are never run, however the answer ends, over %s with %s',
  async (_, finishReason, clientFor) => {
    using model = mockModel(callTool('get_weather', '{"city":"Par', { finishReason }), reply('Which city?'));

    const response = await weatherAgent(clientFor(model.baseURL)).run('Weather in Paris?');

    expect(response.messages.flatMap(contentsOf).find((content) => content.type === 'function_result')).toMatchObject({
      error: 'invalid_arguments',
      result: 'Error: Argument parsing failed.',
    });
    expect(model.requests[1]!.messages[1]!.calls).toMatchObject([{ arguments: '{}' }]);
  },
);

test.each(bothApis)(
  'a call in an answer that was cut at its length limit is not run, over %s',
  async (_, clientFor) => {
    using model = mockModel(callTool('get_weather', { city: 'Paris' }, { finishReason: 'length' }));

    const response = await weatherAgent(clientFor(model.baseURL)).run('Weather in Paris?');

    expect(response).toMatchObject({ status: 'incomplete', finishReason: 'length' });
    expect(model.requests).toHaveLength(1);
  },
);

test.each(bothApis)('a call of a tool the model made up is answered with an error, over %s', async (_, clientFor) => {
  using model = mockModel(callTool('get_tides', { city: 'Paris' }), reply('I only know the weather.'));

  await weatherAgent(clientFor(model.baseURL)).run('High tide in Paris?');

  expect(model.requests[1]!.texts.at(-1)).toBe('Error: Requested function "get_tides" not found.');
});

test.each(bothApis)(
  'after three failed rounds in a row the model has to answer without tools, over %s',
  async (_, clientFor) => {
    const failing = callTool('get_weather', { city: 'Paris' });
    using model = mockModel(failing, failing, failing, reply('I give up.'));

    const response = await weatherAgent(clientFor(model.baseURL), { tools: [brokenWeather] }).run('Weather in Paris?');

    expect(model.requests.map((request) => request.toolChoice)).toEqual(['auto', 'auto', 'auto', 'none']);
    expect(model.requests[3]!.tools.map((tool) => tool.name)).toEqual(['get_weather']);
    expect(response.text).toBe('I give up.');
  },
);
