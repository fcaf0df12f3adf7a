// Reads from a JSON Schema what is needed to fill it in; a validator decides whether a value fits.
import { type Schema, Validator } from '@cfworker/json-schema';
import { isObject, type JsonObject } from '../request/body.ts';

/** Also false for an invalid schema, for example one with a broken `$ref` or `pattern`. */
export function accepts(schema: JsonObject, value: unknown): boolean {
  try {
    // A copy, because the validator modifies its schema.
    return new Validator(structuredClone(schema) as Schema, '2020-12').validate(value).valid;
  } catch {
    return false;
  }
}

/** Resolves `$ref`, merges its siblings and `allOf`; null when the target does not exist. */
export function resolved(schema: unknown, root: JsonObject, depth = 0): JsonObject | null {
  if (schema === true) return {};
  if (!isObject(schema) || depth > 8) return null;
  const { $ref, allOf, ...rest } = schema;
  const others = [...(Array.isArray(allOf) ? allOf : []), ...($ref === undefined ? [] : [target($ref, root)])];
  return others.reduce<JsonObject | null>((all, other) => {
    const joined = all === null ? null : resolved(other, root, depth + 1);
    return all === null || joined === null ? null : merged(joined, all);
  }, rest);
}

/** Merges two schemas that both apply; the second one wins where they differ. */
export function merged(first: JsonObject, second: JsonObject): JsonObject {
  const required = [...requiredOf(first), ...requiredOf(second)];
  const properties = { ...propertiesOf(first), ...propertiesOf(second) };
  return {
    ...first,
    ...second,
    ...(required.length === 0 ? {} : { required }),
    ...(Object.keys(properties).length === 0 ? {} : { properties }),
  };
}

export function propertiesOf({ properties }: JsonObject): JsonObject {
  return isObject(properties) ? properties : {};
}

export function requiredOf({ required }: JsonObject): string[] {
  return Array.isArray(required) ? required.filter((name) => typeof name === 'string') : [];
}

/** The alternatives of `anyOf` or `oneOf`; empty when the schema has none. */
export function variantsOf({ anyOf, oneOf }: JsonObject): readonly unknown[] {
  return Array.isArray(anyOf) ? anyOf : Array.isArray(oneOf) ? oneOf : [];
}

export function typesOf({ type, properties, items, prefixItems }: JsonObject): readonly unknown[] {
  if (type !== undefined) return [type].flat();
  if (isObject(properties)) return ['object'];
  return items === undefined && prefixItems === undefined ? [] : ['array'];
}

/** A part of a schema, together with the definitions it may refer to. */
export function within(part: JsonObject, { $defs, definitions }: JsonObject): JsonObject {
  return {
    ...($defs === undefined ? {} : { $defs }),
    ...(definitions === undefined ? {} : { definitions }),
    ...part,
  };
}

/** Only references within the schema itself: `#` or `#/$defs/name`. */
function target(ref: unknown, root: JsonObject): unknown {
  if (typeof ref !== 'string' || !ref.startsWith('#')) return null;
  const keys = ref
    .split('/')
    .slice(1)
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
  return keys.reduce<unknown>((at, key) => (isObject(at) && Object.hasOwn(at, key) ? at[key] : null), root);
}
