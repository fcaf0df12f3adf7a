// Whether a JSON Schema is one that structured output can hold a model to, or one that it can only be shown.
import { asList, asObject, type JsonObject, type JsonSchema } from '@turnstream/core/seams';

/** What the service cannot hold a model to (its guide to structured outputs), even where it is well-formed. */
const BEYOND_STRICT = [
  'allOf',
  'oneOf',
  'not',
  'if',
  'then',
  'else',
  'patternProperties',
  'propertyNames',
  'unevaluatedProperties',
  'dependentRequired',
  'dependentSchemas',
  'prefixItems',
  'contains',
];

/** Members that hold one schema, several, or several by name. */
const ONE = ['items'];
const SEVERAL = ['anyOf'];
const NAMED = ['properties', '$defs', 'definitions'];

/**
 * True when the service takes the schema with `strict: true`: an object at the top, every object closed
 * (`additionalProperties: false`) with all of its properties required, all the way down. A strict request with any
 * other schema is refused, so that one goes without.
 */
export function isStrictSchema(schema: JsonSchema): boolean {
  return schema['type'] === 'object' && qualifies(schema);
}

function qualifies(value: unknown): boolean {
  const schema = asObject(value);
  if (schema === null || BEYOND_STRICT.some((keyword) => Object.hasOwn(schema, keyword))) return false;
  if (isObjectSchema(schema) && !isClosed(schema)) return false;
  return saysWhat(schema) && inner(schema).every(qualifies);
}

function isObjectSchema({ type, properties }: JsonObject): boolean {
  return type === 'object' || asList(type)?.includes('object') === true || properties !== undefined;
}

function isClosed({ additionalProperties, properties, required }: JsonObject): boolean {
  const listed = asList(required) ?? [];
  return (
    additionalProperties === false && Object.keys(asObject(properties) ?? {}).every((name) => listed.includes(name))
  );
}

/** A schema that allows anything holds a model to nothing; nor does a list of anything. */
function saysWhat(schema: JsonObject): boolean {
  const { type, items } = schema;
  if ((type === 'array' || asList(type)?.includes('array') === true) && items === undefined) return false;
  return ['type', 'anyOf', 'enum', 'const', '$ref'].some((keyword) => Object.hasOwn(schema, keyword));
}

function inner(schema: JsonObject): unknown[] {
  return [
    ...ONE.filter((name) => Object.hasOwn(schema, name)).map((name) => schema[name]),
    ...SEVERAL.flatMap((name) => asList(schema[name]) ?? []),
    ...NAMED.flatMap((name) => Object.values(asObject(schema[name]) ?? {})),
  ];
}
