// Bare JSON Schema as a Standard Schema, so that tools and structured output can check what the model gives.
import { validate } from '@cfworker/json-schema';
import { AgentError, type StandardSchema } from '@turnstream/core';
import type { JsonSchema, SchemaIssue } from '@turnstream/core/seams';
import { addressesIn } from './usable.ts';

/**
 * Wraps a JSON Schema (draft 2020-12). The model gets the schema, and its answer is validated against it. `Value` is
 * the type of a valid value, which cannot be inferred from JSON Schema. Throws `config_invalid` for a value that is not
 * an object, for a `$ref` that does not resolve within the schema, for two schemas with the same `$id`, and for a
 * pattern that is not a regular expression with the flag `u`.
 */
export function jsonSchema<Value = unknown>(schema: JsonSchema): StandardSchema<Value> {
  if (typeof schema !== 'object' || schema === null || Array.isArray(schema)) {
    throw new AgentError(
      'config_invalid',
      `A JSON Schema is an object, not ${schema === null ? 'null' : typeof schema}.`,
    );
  }
  // A copy, since the validator writes into its schema; and all issues at once, so that the model can correct them all
  // at once.
  const copy = structuredClone(schema);
  const addresses = addressesIn(copy);
  return {
    '~standard': {
      version: 1,
      vendor: 'json-schema',
      validate: (value) => {
        const result = validate(value, copy, '2020-12', addresses, false);
        return result.valid ? { value: value as Value } : { issues: result.errors.map(toIssue) };
      },
      jsonSchema: { input: () => ({ ...schema }), output: () => ({ ...schema }) },
    },
  };
}

/** `instanceLocation` is a JSON pointer as a URL fragment: it begins with `#` and is percent-encoded. */
function toIssue(unit: { readonly instanceLocation: string; readonly error: string }): SchemaIssue {
  return { message: unit.error, path: unit.instanceLocation.split('/').slice(1).map(decoded) };
}

function decoded(part: string): string {
  return decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~');
}
