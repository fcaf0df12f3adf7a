// What tools are made of, alone and together.
import { expect, expectTypeOf, test } from 'vitest';
import * as z from 'zod';
import { Agent, type Tool, tool } from '../../src/index.ts';
import { finished, scriptedClient, sentTexts } from '../scripted-client.ts';
import { city, weatherTool } from './weather-tool.ts';

test("a run's tools join the agent's; two different tools of one name are refused", async () => {
  const weather = weatherTool();
  const client = scriptedClient(['Hi', finished]);
  const agent = new Agent({ client, tools: [weather] });

  await agent.run('Go', { tools: [weather, tool({ name: 'other', description: '', parameters: city })] });
  const clash = agent.run('Go', { tools: [weatherTool()] });

  expect(client.requests[0]?.tools?.map((each) => each.name)).toEqual(['get_weather', 'other']);
  await expect(clash).rejects.toMatchObject({
    code: 'config_invalid',
    message: expect.stringContaining('"get_weather"'),
  });
});

test('execute is typed from the schema', () => {
  const typed = tool({ name: 'typed', description: '', parameters: city, execute: (input) => input.city });

  expectTypeOf(typed).toEqualTypeOf<Tool<{ city: string }>>();
  expect(sentTexts(scriptedClient())).toEqual([]);
});

test('an object schema without properties gets an empty `properties`', () => {
  const bare = tool({ name: 'now', description: '', parameters: { type: 'object' } });

  expect(bare.parameters).toEqual({ type: 'object', properties: {} });
});

test('an empty schema becomes the schema of an object', () => {
  const open = tool({ name: 'log', description: '', parameters: {} });

  expect(open.parameters).toEqual({ type: 'object', properties: {} });
});

test('a Zod schema with an id has its type at the root', () => {
  const place = z.object({ city: z.string() }).meta({ id: 'Place' });

  const travel = tool({ name: 'travel', description: '', parameters: place });

  expect(travel.parameters).toMatchObject({ type: 'object', properties: { city: { type: 'string' } } });
  expect(travel.parameters).not.toHaveProperty('$ref');
});

const declaredPlace = { type: 'object', properties: { city: { type: 'string' } } };

test.each([
  ['$defs', {}],
  ['definitions', { type: 'object' }],
])('a declared schema that refers to one of its %s has that at the root', (keyword, rest) => {
  const definitions = { [keyword]: { Place: declaredPlace } };

  const travel = tool({
    name: 'travel',
    description: '',
    parameters: { ...rest, $ref: `#/${keyword}/Place`, ...definitions },
  });

  expect(travel.parameters).toEqual({ ...declaredPlace, ...definitions });
});

test.each(['Place', 'a/b', 'a~b', 'Place Ref', '50%'])(
  'a Zod schema with two ids has its type at the root: %s',
  (id) => {
    const place = z
      .object({ city: z.string() })
      .meta({ id })
      .meta({ id: `${id} again` });

    const travel = tool({ name: 'travel', description: '', parameters: place });

    expect(travel.parameters).toMatchObject({ type: 'object', properties: { city: { type: 'string' } } });
    expect(travel.parameters).not.toHaveProperty('$ref');
  },
);

test.each([
  ['#/$defs/Place%20Ref', { $defs: { 'Place Ref': declaredPlace } }],
  ['#/components/schemas/Place', { components: { schemas: { Place: declaredPlace } } }],
  ['#/$defs/A', { $defs: { A: { $ref: '#/definitions/B' } }, definitions: { B: declaredPlace } }],
])('a declared schema has at its root what %s leads to', ($ref, definitions) => {
  const travel = tool({ name: 'travel', description: '', parameters: { $ref, ...definitions } });

  expect(travel.parameters).toEqual({ ...declaredPlace, ...definitions });
});

test('a schema with properties is that of an object, also without a type and with conditions', () => {
  const parameters = { properties: { a: { type: 'string' } }, anyOf: [{ required: ['a'] }] };

  const open = tool({ name: 'log', description: '', parameters });

  expect(open.parameters).toEqual({ type: 'object', ...parameters });
});

test('a declared schema with properties beside its $ref stays as it is', () => {
  const parameters = { $ref: '#/$defs/Place', properties: { day: {} }, $defs: { Place: { properties: { city: {} } } } };

  const travel = tool({ name: 'travel', description: '', parameters: { type: 'object', ...parameters } });

  expect(travel.parameters).toEqual({ type: 'object', ...parameters });
});
