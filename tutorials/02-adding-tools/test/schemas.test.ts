// Where a schema may come from, and what it does: it tells the model the shape, and lets nothing else through.
import { type Tool, tool } from '@turnstream/core';
import { callTool, mockModel, reply } from '@turnstream/testkit';
import { expect, expectTypeOf, test } from 'vitest';
import { type City, citySchemas } from '../city-schemas.ts';
import { weatherAgent } from '../weather-agent.ts';
import { weatherIn } from '../weather-tool.ts';
import { bothApis } from './both-apis.ts';

const everyPair = citySchemas.flatMap(([library, schema]) =>
  bothApis.map(([api, clientFor]) => [library, api, schema, clientFor] as const),
);

test.each(everyPair)('%s describes the parameters of a tool over %s', async (_library, _api, parameters, clientFor) => {
  using model = mockModel(
    callTool('get_weather', { city: 7 }),
    callTool('get_weather', { city: 'Paris' }),
    reply('Sunny.'),
  );
  const cities: City[] = [];
  const lookup = tool({
    name: 'get_weather',
    description: 'Look up the current weather in a city.',
    parameters,
    execute: (input) => {
      expectTypeOf(input).toEqualTypeOf<City>();
      cities.push(input);
      return weatherIn(input.city);
    },
  });

  await weatherAgent(clientFor(model.baseURL), { tools: [lookup] }).run('Weather in Paris?');

  expect(model.requests[0]!.tools[0]!.parameters).toMatchObject({
    type: 'object',
    properties: { city: { type: 'string', description: 'Name of the city, such as Paris' } },
    required: ['city'],
  });
  expect(cities).toEqual([{ city: 'Paris' }]);
  expect(model.requests[1]!.texts.at(-1)).toMatch(/^Error: Argument parsing failed\. .*city/);
});

test('a tool without something to run may have bare JSON Schema: nothing here reads its arguments', () => {
  const parameters = { type: 'object', properties: { city: { type: 'string' } } };

  const declared = tool({ name: 'get_weather', description: 'Look it up yourself.', parameters });

  expectTypeOf(declared).toEqualTypeOf<Tool>();
  expect(declared.parameters).toBe(parameters);
});
