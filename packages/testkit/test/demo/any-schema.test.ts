// Whatever schema a tool has: the demo model's arguments fit it, or it says what is missing. It never throws.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decide } from '../../src/demo/decision.ts';

type Json = Record<string, unknown>;

/** A schema, and whether a value fits it, known without a validator. */
interface Shape {
  readonly schema: Json;
  readonly fits: (value: unknown) => boolean;
}

const isRecord = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const propertyName = fc.constantFrom(
  'city',
  'count',
  'from',
  'to',
  'isUrgent',
  'tags',
  'unit',
  '__proto__',
  'größe',
  '',
);

const numbers = fc.record({ minimum: fc.integer({ min: -5, max: 5 }), whole: fc.boolean() }).map(
  ({ minimum, whole }): Shape => ({
    schema: { type: whole ? 'integer' : 'number', minimum },
    fits: (value) => typeof value === 'number' && value >= minimum && (!whole || Number.isInteger(value)),
  }),
);
const strings = fc.integer({ min: 0, max: 8 }).map(
  (minLength): Shape => ({
    schema: { type: 'string', minLength },
    fits: (value) => typeof value === 'string' && Array.from(value).length >= minLength,
  }),
);
const booleans = fc.constant<Shape>({ schema: { type: 'boolean' }, fits: (value) => typeof value === 'boolean' });
const choices = fc
  .uniqueArray(fc.oneof(fc.string(), fc.integer(), fc.constant(null), fc.boolean()), { minLength: 1 })
  .map((values): Shape => ({ schema: { enum: values }, fits: (value) => values.includes(value as never) }));

const { shape } = fc.letrec<{ shape: Shape; list: Shape; object: Shape; either: Shape }>((tie) => ({
  shape: fc.oneof({ maxDepth: 3 }, numbers, strings, booleans, choices, tie('list'), tie('object'), tie('either')),
  list: fc.tuple(tie('shape'), fc.integer({ min: 0, max: 3 })).map(
    ([item, minItems]): Shape => ({
      schema: { type: 'array', items: item.schema, minItems },
      fits: (value) => Array.isArray(value) && value.length >= minItems && value.every(item.fits),
    }),
  ),
  object: objectOf(tie('shape')),
  either: fc.tuple(tie('shape'), tie('shape')).map(
    ([one, other]): Shape => ({
      schema: { anyOf: [one.schema, other.schema] },
      fits: (value) => one.fits(value) || other.fits(value),
    }),
  ),
}));

function objectOf(shapes: fc.Arbitrary<Shape>): fc.Arbitrary<Shape> {
  const members = fc.uniqueArray(fc.record({ name: propertyName, shape: shapes, required: fc.boolean() }), {
    selector: ({ name }) => name,
    maxLength: 4,
  });
  return members.map((all): Shape => {
    const required = all.filter((member) => member.required).map(({ name }) => name);
    const properties = Object.fromEntries(all.map((member) => [member.name, member.shape.schema]));
    return {
      schema: { type: 'object', properties, required, additionalProperties: false },
      fits: (value) =>
        isRecord(value) &&
        required.every((name) => Object.hasOwn(value, name)) &&
        Object.entries(value).every(
          ([name, each]) => all.find((member) => member.name === name)?.shape.fits(each) === true,
        ),
    };
  });
}

const spoken = fc.constantFrom(
  'Paris',
  'Rome',
  '"a quoted text"',
  '3',
  '-2',
  '4.5',
  'count 2',
  'from Oslo',
  'not urgent',
  'unit: km',
  'yes',
);
const questions = fc.array(spoken, { maxLength: 6 }).map((parts) => `Call the tool with ${parts.join(', ')}`);

function ask(question: string, parameters: Json) {
  return decide({
    instructions: null,
    messages: [{ role: 'user', text: question }],
    tools: [{ name: 'anything', description: null, parameters }],
    toolChoice: 'required',
    output: null,
  });
}

test('arguments fit the schema, or the answer names what is missing', () => {
  let called = 0;

  fc.assert(
    fc.property(objectOf(shape), questions, ({ schema, fits }, question) => {
      const parts = ask(question, schema);
      for (const part of parts) {
        if (part.type !== 'function_call') expect(part.text).toMatch(/^I would call anything, but/);
        else expect(JSON.parse(part.text)).toSatisfy(fits);
      }
      called += parts[0]?.type === 'function_call' ? 1 : 0;
    }),
    { numRuns: 300 },
  );

  expect(called).toBeGreaterThan(60);
});

test('an invalid schema does not throw', () => {
  const keyword = fc.constantFrom(
    'type',
    'properties',
    'required',
    'items',
    'prefixItems',
    'enum',
    'const',
    'anyOf',
    'oneOf',
    'allOf',
    'not',
    '$ref',
    '$defs',
    'minItems',
    'maxItems',
    'pattern',
    'format',
    'default',
    'additionalProperties',
    'minimum',
  );
  const word = fc.constantFrom('string', 'object', 'array', 'null', '#', '#/$defs/a', '#/properties/a', '[', 'city');
  const { schema } = fc.letrec<{ value: unknown; schema: Json }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      word,
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
      fc.array(tie('value'), { maxLength: 3 }),
      tie('schema'),
    ),
    schema: fc.dictionary(fc.oneof(keyword, fc.constantFrom('a', 'city')), tie('value'), { maxKeys: 5 }),
  }));

  fc.assert(
    fc.property(schema, questions, (parameters, question) => {
      const [part] = ask(question, parameters);
      expect(part?.type === 'function_call' || part?.text.startsWith('I would call anything, but')).toBe(true);
    }),
    { numRuns: 300 },
  );
});

test.each<[string, Json]>([
  ['itself', { type: 'object', properties: { next: { $ref: '#' } }, required: ['next'] }],
  ['itself, ten times over', { allOf: Array.from({ length: 10 }, () => ({ $ref: '#' })) }],
  ['nothing', { type: 'object', properties: { a: { $ref: '#/$defs/gone' } }, required: ['a'] }],
])('a schema that refers to %s is one that cannot be filled', (_, parameters) => {
  expect(ask('Paris', parameters)).toMatchObject([
    { type: 'text', text: expect.stringContaining('I would call anything') },
  ]);
});

test('a rule over all arguments holds too, even where each of them fits', () => {
  const parameters = { type: 'object', properties: { a: { type: 'number' } }, required: ['a'], minProperties: 2 };

  expect(ask('Take 3', parameters)).toMatchObject([
    { type: 'text', text: expect.stringContaining('I cannot make arguments that its schema accepts') },
  ]);
});

test('definitions are followed', () => {
  const place = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] };
  const parameters = {
    type: 'object',
    properties: { at: { $ref: '#/$defs/place' } },
    required: ['at'],
    $defs: { place },
  };

  expect(ask('Meet in Paris', parameters)).toEqual([
    { type: 'function_call', name: 'anything', text: '{"at":{"city":"Paris"}}' },
  ]);
});
