// Fills one set of arguments: walks a tool's schema and takes a value from the question for each of its properties.
import { isObject, type JsonObject } from '../request/body.ts';
import { choicesIn } from './choices.ts';
import { Pool } from './pool.ts';
import type { Question } from './question.ts';
import { accepts, merged, propertiesOf, requiredOf, resolved, typesOf, variantsOf, within } from './schema.ts';

/** Guards against recursive schemas. */
const MOST_STEPS = 500;
const DEEPEST = 8;
const MOST_ITEMS = 100;

interface Place {
  /** The property it is for; of a list's items, the list's. */
  readonly name: string;
  /** Such as `address.street`. */
  readonly path: string;
  /** False: left out unless the question mentions it. */
  readonly isNeeded: boolean;
  readonly depth: number;
}

export class Filling {
  /** Paths of required values that the question lacks. */
  readonly missing: string[] = [];
  readonly #root: JsonObject;
  readonly #question: Question;
  readonly #pool: Pool;
  #steps = 0;

  /** `spent` holds the values of earlier calls, which are reused only when no other of that type is left. */
  constructor(root: JsonObject, question: Question, spent: ReadonlySet<unknown>) {
    this.#root = root;
    this.#question = question;
    this.#pool = new Pool(root, question, spent);
  }

  get taken(): ReadonlySet<unknown> {
    return this.#pool.taken;
  }

  /** True when it holds a value that no earlier call used. */
  get tookNew(): boolean {
    return this.#pool.tookNew;
  }

  /** Undefined when a required value is missing. */
  arguments(): unknown {
    const schema = resolved(this.#root, this.#root);
    if (schema === null) return undefined;
    const isPlain = typesOf(schema).length === 0 && variantsOf(schema).length === 0;
    const place = { name: '', path: '', isNeeded: true, depth: 0 };
    const filled = this.#fill(isPlain ? { ...schema, type: 'object' } : schema, place);
    return isObject(filled) && Object.keys(filled).length === 0 ? this.#firstFree(schema, place) : filled;
  }

  /** When nothing is required, fills the first argument that a free value fits. */
  #firstFree(schema: JsonObject, place: Place): JsonObject {
    for (const [name, property] of Object.entries(propertiesOf(schema))) {
      const value = this.#fill(property, { ...place, name, path: name, depth: 1 });
      this.missing.length = 0;
      if (value !== undefined && this.taken.size > 0) return Object.fromEntries([[name, value]]);
    }
    return {};
  }

  #fill(given: unknown, place: Place): unknown {
    const schema = resolved(given, this.#root);
    this.#steps += 1;
    if (schema === null || this.#steps > MOST_STEPS || place.depth > DEEPEST) return undefined;
    if (Object.hasOwn(schema, 'const')) return place.isNeeded || this.#isMeant(schema) ? schema['const'] : undefined;
    const variants = variantsOf(schema);
    if (variants.length > 0) return this.#fillVariant(schema, variants, place);
    const types = typesOf(schema);
    if (types.includes('object')) return this.#fillObject(schema, place);
    if (types.includes('array')) return this.#fillList(schema, place);
    return this.#pool.take(within(schema, this.#root), place.name, place.isNeeded);
  }

  /** The first that can be filled with something; null, if allowed, only when none can. */
  #fillVariant(schema: JsonObject, variants: readonly unknown[], place: Place): unknown {
    const rest = Object.fromEntries(Object.entries(schema).filter(([key]) => key !== 'anyOf' && key !== 'oneOf'));
    const schemas = variants.map((each) => resolved(each, this.#root)).filter((each) => each !== null);
    let filled: unknown;
    for (const variant of schemas.toSorted((one, other) => Number(this.#isMeant(other)) - Number(this.#isMeant(one)))) {
      const value = this.#attempt(merged(rest, variant), place);
      if (value !== undefined && value !== null) return value;
      filled ??= value;
    }
    return filled;
  }

  /** A constant of it, or of one of its properties, is in the question. */
  #isMeant(schema: JsonObject): boolean {
    const constants = [schema, ...Object.values(propertiesOf(schema)).filter(isObject)].map((each) => each['const']);
    return choicesIn(this.#question, constants).length > 0;
  }

  /** Values taken for a branch that fails are released. */
  #attempt(schema: JsonObject, place: Place): unknown {
    const [taken, missing] = [new Set(this.#pool.taken), this.missing.length];
    const value = this.#fill(schema, place);
    if (value !== undefined) return value;
    this.missing.length = missing;
    this.#pool.giveBack(taken);
    return undefined;
  }

  #fillObject(schema: JsonObject, place: Place): JsonObject | undefined {
    const required = requiredOf(schema);
    const extra = isObject(schema['additionalProperties']) ? schema['additionalProperties'] : {};
    const undeclared = required
      .filter((name) => !Object.hasOwn(propertiesOf(schema), name))
      .map((name) => [name, extra] as const);
    const entries: [string, unknown][] = [];
    for (const [name, property] of [...Object.entries(propertiesOf(schema)), ...undeclared]) {
      const path = place.path === '' ? name : `${place.path}.${name}`;
      const value = this.#fillProperty(property, {
        name,
        path,
        isNeeded: place.isNeeded && required.includes(name),
        depth: place.depth + 1,
      });
      if (value !== undefined) entries.push([name, value]);
      else if (required.includes(name)) return undefined;
    }
    return entries.length === 0 && !place.isNeeded ? undefined : Object.fromEntries(entries);
  }

  /** A required property that may be null counts as optional. */
  #fillProperty(property: unknown, place: Place): unknown {
    const mayBeNull = place.isNeeded && isObject(property) && accepts(within(property, this.#root), null);
    const value = this.#attempt(isObject(property) ? property : {}, {
      ...place,
      isNeeded: place.isNeeded && !mayBeNull,
    });
    if (value !== undefined || !place.isNeeded) return value;
    if (mayBeNull) return null;
    this.missing.push(place.path);
    return undefined;
  }

  /** As many items as the question has values, in its order. */
  #fillList(schema: JsonObject, place: Place): unknown[] | undefined {
    const { prefixItems, items = {}, minItems, maxItems } = schema;
    const first: unknown[] = Array.isArray(prefixItems) ? prefixItems : [];
    const list: unknown[] = [];
    while (list.length < Math.min(countOr(maxItems, MOST_ITEMS), MOST_ITEMS)) {
      const isShort = list.length < Math.max(countOr(minItems, 0), first.length);
      const before = this.taken.size;
      const item = first[list.length] ?? items;
      const value =
        item === false ? undefined : this.#attempt(isObject(item) ? item : {}, { ...place, depth: place.depth + 1 });
      if (value === undefined || (this.taken.size === before && !isShort)) break;
      list.push(value);
    }
    return accepts(within(schema, this.#root), list) && (list.length > 0 || place.isNeeded) ? list : undefined;
  }
}

function countOr(count: unknown, otherwise: number): number {
  return typeof count === 'number' ? count : otherwise;
}
