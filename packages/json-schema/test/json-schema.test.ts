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

test('the path of an issue has the property names of the schema, without any escapes', async () => {
  const properties = { größe: { type: 'integer' }, 'a/b~c #d': { type: 'integer' } };

  const result = await jsonSchema({ type: 'object', properties })['~standard'].validate({
    größe: 'x',
    'a/b~c #d': 'x',
  });

  expect((result.issues ?? []).map(({ path }) => path)).toEqual([[], ['größe'], [], ['a/b~c #d']]);
});

test.each([
  [
    { properties: { a: { $ref: '#/$defs/A' } } },
    '$ref "#/$defs/A" is not defined in it. Add it under $defs; other files are not read.',
  ],
  [{ items: [{ anyOf: [{ $ref: 'https://x.test/a.json' }] }] }, '$ref "https://x.test/a.json" is not defined in it.'],
  [{ not: { pattern: '^[\\w-.]+$' } }, 'the pattern "^[\\\\w-.]+$" is not a regular expression with the flag u.'],
  [{ patternProperties: { '(': true } }, 'the pattern "(" is not a regular expression with the flag u.'],
  [{ $defs: { a: { $id: 'x' }, b: { $id: 'x' } } }, 'Duplicate schema URI'],
])('a schema that cannot be used throws config_invalid: %j', (schema, why) => {
  const make = (): unknown => jsonSchema(schema);

  expect(make).toThrow(AgentError);
  expect(make).toThrow(`The JSON Schema cannot be used: ${why}`);
});

test('references within the schema, and values that only look like a schema, are accepted', async () => {
  const node = { type: 'object', properties: { next: { $ref: '#' }, kind: { $ref: '#/definitions/kind' } } };
  const looks = { $ref: 'nowhere', pattern: '(' };
  const schema = { ...node, definitions: { kind: { type: 'string' } }, example: looks, default: looks };

  const { validate } = jsonSchema(schema)['~standard'];

  expect(await validate({ next: { next: {}, kind: 'leaf' } })).toHaveProperty('value');
  expect(await validate({ next: { kind: 1 } })).toHaveProperty('issues');
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
