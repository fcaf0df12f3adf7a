// What a JSON Schema says, as far as filling it in needs to know; whether a value fits is for a validator to tell.
import { type Schema, Validator } from '@cfworker/json-schema';
import { isObject, type JsonObject } from '../request/body.ts';

/** False also for a schema that no value can be checked against, such as one with a broken `$ref` or `pattern`. */
export function accepts(schema: JsonObject, value: unknown): boolean {
  try {
    // A copy, since the validator writes into its schema.
    return new Validator(structuredClone(schema) as Schema, '2020-12').validate(value).valid;
  } catch {
    return false;
  }
}

/** The schema that a `$ref` stands for, with what is said beside it, and `allOf` joined; null when there is none. */
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

/** Two schemas that both hold, the second one's word where they differ. */
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

/** The schemas of which one has to hold; none when there is no choice. */
export function variantsOf({ anyOf, oneOf }: JsonObject): readonly unknown[] {
  return Array.isArray(anyOf) ? anyOf : Array.isArray(oneOf) ? oneOf : [];
}

export function typesOf({ type, properties, items, prefixItems }: JsonObject): readonly unknown[] {
  if (type !== undefined) return [type].flat();
  if (isObject(properties)) return ['object'];
  return items === undefined && prefixItems === undefined ? [] : ['array'];
}

/** A part of a schema, with the definitions that it may refer to. */
export function within(part: JsonObject, { $defs, definitions }: JsonObject): JsonObject {
  return {
    ...($defs === undefined ? {} : { $defs }),
    ...(definitions === undefined ? {} : { definitions }),
    ...part,
  };
}

/** Only within the schema itself: `#` or `#/$defs/name`. */
function target(ref: unknown, root: JsonObject): unknown {
  if (typeof ref !== 'string' || !ref.startsWith('#')) return null;
  const keys = ref
    .split('/')
    .slice(1)
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
  return keys.reduce<unknown>((at, key) => (isObject(at) && Object.hasOwn(at, key) ? at[key] : null), root);
}
