// A strict copy of JSON data: own keys, capped depth and size, nothing that JSON cannot say.

/** Deeper than any conversation nests; a guard against hostile input. */
const MAX_DEPTH = 64;
/** Values in one document: a session of some 100,000 messages. */
const MAX_VALUES = 1_000_000;

/**
 * Copies a value that JSON can carry. `undefined` members of objects are left out, as JSON does.
 * Throws what `refuse` makes of a sentence that names the place and the problem, never the value.
 */
export function copyJson(value: unknown, where: string, refuse: (problem: string) => Error): unknown {
  let values = 0;

  function copy(source: unknown, path: string, depth: number): unknown {
    values += 1;
    if (values > MAX_VALUES) throw refuse(`${where} holds more than ${MAX_VALUES} values`);
    if (depth > MAX_DEPTH) throw refuse(`${path} is nested deeper than ${MAX_DEPTH} levels`);
    if (source === null || typeof source === 'string' || typeof source === 'boolean') return source;
    if (typeof source === 'number') {
      if (Number.isFinite(source)) return source;
      throw refuse(`${path} is ${source}, which JSON cannot hold`);
    }
    if (Array.isArray(source)) return source.map((item, index) => copy(item, `${path}[${index}]`, depth + 1));
    if (isPlainObject(source)) return copyObject(source, path, depth);
    throw refuse(`${path} is ${kindOf(source)}, which JSON cannot hold`);
  }

  function copyObject(source: Record<string, unknown>, path: string, depth: number): Record<string, unknown> {
    const target: Record<string, unknown> = {};
    for (const key of Object.keys(source)) {
      if (source[key] === undefined) continue;
      // Plain assignment of a key named `__proto__` would set the prototype instead of adding a member.
      Object.defineProperty(target, key, {
        value: copy(source[key], `${path}.${key}`, depth + 1),
        writable: true,
        enumerable: true,
        configurable: true,
      });
    }
    return target;
  }

  return copy(value, where, 0);
}

/** True for an object literal, of any realm (some test environments have their own), and a null-prototype object. */
export function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

/** What kind of value it is, for error messages that must not quote it. */
export function kindOf(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (Array.isArray(value)) return 'a list';
  if (typeof value !== 'object') return `a ${typeof value}`;
  return isPlainObject(value) ? 'an object' : 'a class instance';
}
