// Fills a simple JSON Schema with facts: objects of strings, numbers and booleans, and lists of such objects.

import { isObject, type JsonObject } from '../request/body.ts';
import { type Facts, keyOf } from './facts.ts';

/** The filled form; undefined when the facts do not fit it. */
export function fillForm(schema: JsonObject, subjects: readonly Facts[]): JsonObject | undefined {
  const [first] = subjects;
  const filled = first === undefined ? undefined : fillObject(schema, first, subjects);
  return isObject(filled) ? filled : undefined;
}

function fill(schema: JsonObject, name: string, facts: Facts, subjects: readonly Facts[]): unknown {
  const types = [schema['type']].flat();
  const variants: unknown[] = Array.isArray(schema['anyOf']) ? schema['anyOf'] : [];
  for (const variant of variants.filter(isObject)) {
    const value = fill(variant, name, facts, subjects);
    if (value !== undefined && value !== null) return value;
  }
  if (types.includes('object')) return fillObject(schema, facts, subjects);
  if (types.includes('array')) return fillList(schema, name, subjects);
  const fact = facts.get(keyOf(name));
  if (fact !== undefined && fits(fact, types, schema['enum'])) return fact;
  const mayBeNull =
    types.includes('null') || variants.some((variant) => isObject(variant) && variant['type'] === 'null');
  return mayBeNull ? null : undefined;
}

/** Leaves out optional values that are not known. */
function fillObject(schema: JsonObject, facts: Facts, subjects: readonly Facts[]): JsonObject | undefined {
  const properties = isObject(schema['properties']) ? schema['properties'] : {};
  const required: unknown[] = Array.isArray(schema['required']) ? schema['required'] : [];
  const filled: Record<string, unknown> = {};
  for (const [name, property] of Object.entries(properties)) {
    const value = isObject(property) ? fill(property, name, facts, subjects) : undefined;
    if (value !== undefined) filled[name] = value;
    else if (required.includes(name)) return undefined;
  }
  return Object.keys(filled).length === 0 ? undefined : filled;
}

/** One entry per subject. A list property has a plural name. */
function fillList({ items }: JsonObject, name: string, subjects: readonly Facts[]): unknown[] | undefined {
  if (!isObject(items)) return undefined;
  const values = subjects.map((facts) => fill(items, name.replace(/s$/, ''), facts, [facts]));
  return values.includes(undefined) ? undefined : values;
}

function fits(fact: string | number | boolean, types: readonly unknown[], choices: unknown): boolean {
  if (Array.isArray(choices)) return choices.includes(fact);
  const isWhole = typeof fact === 'number' && Number.isInteger(fact);
  return types.includes(typeof fact) || (types.includes('integer') && isWhole);
}
