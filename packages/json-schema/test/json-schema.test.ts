import { AgentError, tool } from '@turnstream/core';
import { expect, test } from 'vitest';
import { jsonSchema } from '../src/index.ts';

const city = {
  type: 'object',
  properties: { city: { type: 'string', description: 'City name' } },
  required: ['city'],
  additionalProperties: false,
};

test('a tool declared by JSON Schema shows the model the schema as given', () => {
  const weather = tool({
    name: 'get_weather',
    description: 'The weather of a city.',
    parameters: jsonSchema<{ city: string }>(city),
    execute: (input) => `Sunny in ${input.city}`,
  });

  expect(weather.parameters).toEqual(city);
});

test('arguments that match pass as they are', async () => {
  const result = await jsonSchema(city)['~standard'].validate({ city: 'Paris' });

  expect(result).toEqual({ value: { city: 'Paris' } });
});

test('all problems of the arguments are reported at once, with their place', async () => {
  const result = await jsonSchema({ ...city, required: ['city', 'days'] })['~standard'].validate({ city: 7, other: 1 });

  const paths = (result.issues ?? []).map((issue) => issue.path?.map(String).join('.'));
  expect(paths).toContain('city');
  expect(paths).toContain('other');
  expect((result.issues ?? []).map((issue) => issue.message).join(' ')).toContain('"days"');
});

test('the given schema is never modified', async () => {
  const schema = { ...city, properties: { city: { type: 'string', description: 'City name' } } };

  const { jsonSchema: convert, validate } = jsonSchema(schema)['~standard'];
  await validate({ city: 'Paris' });

  expect(convert?.input({ target: 'draft-2020-12' })).toEqual(city);
  expect(schema).toEqual(city);
});

test.each([null, [], 'object'])('%j is refused as a schema', (schema) => {
  const make = (): unknown => jsonSchema(schema as never);

  expect(make).toThrow(AgentError);
  expect(make).toThrow('A JSON Schema is an object');
});
