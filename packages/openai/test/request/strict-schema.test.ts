import { expect, test } from 'vitest';
import * as z from 'zod';
import { isStrictSchema } from '../../src/request/strict-schema.ts';

const text = { type: 'string' };
const closed = (properties: Record<string, unknown>, rest: object = {}) => ({
  type: 'object',
  properties,
  required: Object.keys(properties),
  additionalProperties: false,
  ...rest,
});

test.each([
  ['a closed object', closed({ city: text })],
  ['no properties', closed({})],
  ['constraints', closed({ city: { ...text, description: 'City', pattern: '^[A-Z]' }, celsius: { type: 'integer' } })],
  ['an object in an object', closed({ place: closed({ city: text }) })],
  ['a list of objects', closed({ places: { type: 'array', items: closed({ city: text }) } })],
  ['a choice', closed({ city: { anyOf: [text, { type: 'null' }] } })],
  ['a type that may be null', closed({ city: { type: ['string', 'null'] } })],
  ['listed and constant values', closed({ sky: { enum: ['clear', 'grey'] }, unit: { const: 'C' } })],
  ['a list that may be null', closed({ places: { type: ['array', 'null'], items: closed({ city: text }) } })],
  ['definitions', closed({ next: { $ref: '#/$defs/place' } }, { $defs: { place: closed({ city: text }) } })],
])('%s can be enforced', (_, schema) => {
  expect(isStrictSchema(schema)).toBe(true);
});

test.each([
  ['an object that is open', { ...closed({ city: text }), additionalProperties: undefined }],
  ['an object open to strings', { ...closed({ city: text }), additionalProperties: text }],
  ['an optional property', { ...closed({ city: text, sky: text }), required: ['city'] }],
  ['nothing required', { type: 'object', properties: { city: text }, additionalProperties: false }],
  ['an invalid required list', { ...closed({ city: text }), required: 'city' }],
  ['an open object in an object', closed({ place: { type: 'object', properties: { city: text } } })],
  ['an open object in a list', closed({ places: { type: 'array', items: { type: 'object' } } })],
  ['an open object in a choice', closed({ place: { anyOf: [text, { type: 'object' }] } })],
  ['an open object that may be null', closed({ place: { type: ['object', 'null'] } })],
  ['an object without a type', closed({ place: { properties: { city: text } } })],
  ['an object without a type that may be a text', closed({ place: { anyOf: [text], properties: { city: text } } })],
  ['an open object in a definition', closed({}, { $defs: { place: { type: 'object' } } })],
  ['anything', closed({ place: {} })],
  ['anything, shortly', closed({ place: true })],
  ['a list of anything', closed({ places: { type: 'array' } })],
  ['a list of anything that may be null', closed({ places: { type: ['array', 'null'] } })],
  ['an open object in an old definition', closed({}, { definitions: { place: { type: 'object' } } })],
  ['all of several', closed({ city: { allOf: [text] } })],
  ['one of several', closed({ city: { oneOf: [text] } })],
  ['names by a pattern', closed({}, { patternProperties: { '^x': text } })],
  ['a list at the top', { type: 'array', items: text }],
  ['a choice at the top', { anyOf: [closed({ city: text })] }],
  ['an empty schema', {}],
])('%s cannot', (_, schema) => {
  expect(isStrictSchema(schema)).toBe(false);
});

test.each([
  ['not', text],
  ['if', text],
  ['then', text],
  ['else', text],
  ['propertyNames', text],
  ['unevaluatedProperties', false],
  ['dependentRequired', { city: [] }],
  ['dependentSchemas', { city: text }],
  ['prefixItems', [text]],
  ['contains', text],
])('an object with %s cannot', (keyword, value) => {
  expect(isStrictSchema(closed({ city: text }, { [keyword]: value }))).toBe(false);
});

test('what zod makes of an object can be enforced unless something in it is optional', () => {
  const Weather = z.object({ city: z.string(), days: z.array(z.object({ celsius: z.number().nullable() })) });

  expect(isStrictSchema(z.toJSONSchema(Weather))).toBe(true);
  expect(isStrictSchema(z.toJSONSchema(Weather.partial()))).toBe(false);
  expect(isStrictSchema(z.toJSONSchema(z.looseObject({ city: z.string() })))).toBe(false);
});
