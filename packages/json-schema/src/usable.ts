// Refuses a schema that cannot be used as soon as it is given, not only when a model calls the tool.
import { dereference, type Schema, schemaArrayKeyword, schemaKeyword, schemaMapKeyword } from '@cfworker/json-schema';
import { AgentError } from '@turnstream/core';

/** The schemas that a `$ref` can name, by address. */
export type Addresses = ReturnType<typeof dereference>;

/** The addresses in the schema. Throws `config_invalid` for a `$ref` or a pattern that cannot be used. */
export function addressesIn(schema: Schema): Addresses {
  const addresses = addressed(schema);
  for (const { $ref, __absolute_ref__: address = '', pattern, patternProperties = {} } of schemasIn(schema)) {
    if ($ref !== undefined && addresses[address] === undefined) {
      throw unusable(`$ref ${JSON.stringify($ref)} is not defined in it. Add it under $defs; other files are not read`);
    }
    const patterns = [...(pattern === undefined ? [] : [pattern]), ...Object.keys(patternProperties)];
    const bad = patterns.find((each) => !isPattern(each));
    if (bad !== undefined)
      throw unusable(`the pattern ${JSON.stringify(bad)} is not a regular expression with the flag u`);
  }
  return addresses;
}

function addressed(schema: Schema): Addresses {
  try {
    return dereference(schema);
  } catch (cause) {
    throw unusable(cause instanceof Error ? cause.message.replace(/\.$/, '') : String(cause));
  }
}

/** Looks only at keywords that hold schemas: examples and defaults may look like one. */
function* schemasIn(schema: unknown): Generator<Schema> {
  if (typeof schema !== 'object' || schema === null) return;
  yield schema;
  for (const [keyword, value] of Object.entries(schema)) {
    if (Array.isArray(value)) {
      if (schemaArrayKeyword[keyword] === true) for (const each of value) yield* schemasIn(each);
    } else if (schemaMapKeyword[keyword] === true) for (const each of Object.values(value)) yield* schemasIn(each);
    else if (schemaKeyword[keyword] === true) yield* schemasIn(value);
  }
}

function isPattern(pattern: string): boolean {
  try {
    return new RegExp(pattern, 'u') instanceof RegExp;
  } catch {
    return false;
  }
}

function unusable(why: string): AgentError {
  return new AgentError('config_invalid', `The JSON Schema cannot be used: ${why}.`);
}
