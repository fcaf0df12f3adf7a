import { expect, test } from 'vitest';
import {
  describeIssues,
  describePlaces,
  type StandardSchema,
  toJsonSchema,
} from '../../src/checked/standard-schema.ts';
import { tool } from '../../src/index.ts';

test('a schema is turned into JSON Schema 2020-12, without the name of the dialect', () => {
  const targets: string[] = [];
  const schema: StandardSchema = {
    '~standard': {
      version: 1,
      vendor: 'own',
      validate: (value) => ({ value }),
      jsonSchema: {
        input: ({ target }) => ({ $schema: targets.push(`input ${target}`), type: 'string' }),
        output: ({ target }) => ({ $schema: targets.push(`output ${target}`), type: 'number' }),
      },
    },
  };

  const schemas = [toJsonSchema(schema, 'input', 'x'), toJsonSchema(schema, 'output', 'x')];

  expect(schemas).toEqual([{ type: 'string' }, { type: 'number' }]);
  expect(targets).toEqual(['input draft-2020-12', 'output draft-2020-12']);
});

test('a schema that cannot be turned into JSON Schema is refused by the tool that has it', () => {
  const parameters: StandardSchema = {
    '~standard': { version: 1, vendor: 'valibot', validate: (value) => ({ value }) },
  };

  const make = (): unknown => tool({ name: 'give', description: 'Gives.', parameters, execute: () => 'x' });

  expect(make).toThrow(
    expect.objectContaining({
      code: 'config_invalid',
      message:
        'The schema of tool give (valibot) cannot be turned into JSON Schema. Use zod 4, arktype, or valibot through toStandardJsonSchema.',
    }),
  );
});

test('issues are described by where and what, and by where alone', () => {
  const issues = [
    { message: 'Required', path: ['cities', 0, { key: 'name' }] },
    { message: 'Not an object' },
    { message: '', path: ['a'] },
  ];

  expect(describeIssues(issues)).toBe('cities.0.name: Required; Not an object; a');
  expect(describePlaces(issues)).toBe('cities.0.name, the top, a');
});
