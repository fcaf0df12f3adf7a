// Readers of JSON from outside: what a value must be, said once. A refusal names the place and the kind of what is wrong
// and never quotes a value.
import { isPlainObject, kindOf } from './json-value.ts';

/** Gives the value back as what it has to be, or throws. Made with the functions below, run by `read`. */
export type Reader<T> = (value: unknown) => T;

/** A reader for every member of `T`. */
export type Members<T> = { readonly [K in keyof T]-?: Reader<T[K]> };

/** Makes the caller's error of a sentence such as `"usage.inputTokens" is a string, not a whole number of at least 0`. */
export type Refuse = (problem: string) => Error;

/** What is wrong, and where. It stays inside: `read` hands it to the caller's `refuse`. */
class Mismatch extends Error {
  path = '';
}

/** The value as its reader gives it. `where` is the name of the value, if its members are not enough of one. */
export function read<T>(value: unknown, reader: Reader<T>, refuse: Refuse, where = ''): T {
  try {
    return reader(value);
  } catch (error) {
    if (!(error instanceof Mismatch)) throw error;
    const place = (where + error.path).replace(/^\./, '');
    throw refuse(`${place === '' ? 'it' : `"${place}"`} ${error.message}`);
  }
}

/** The text as JSON. The parser's own error quotes what it read, so it is not passed on. */
export function parse(text: string, refuse: Refuse): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw refuse('it is not JSON');
  }
}

export const string: Reader<string> = (value) => {
  if (typeof value === 'string') return value;
  throw mismatch(value, 'a string');
};

/** A string that names something, and so is not empty. */
export const id: Reader<string> = (value) => {
  if (typeof value === 'string' && value !== '') return value;
  throw value === '' ? new Mismatch('is empty') : mismatch(value, 'a string');
};

export const boolean: Reader<boolean> = (value) => {
  if (typeof value === 'boolean') return value;
  throw mismatch(value, 'true or false');
};

/** How many there are, or which one it is. */
export function countFrom(least: number): Reader<number> {
  return (value) => {
    if (typeof value === 'number' && Number.isSafeInteger(value) && value >= least) return value;
    throw mismatch(value, `a whole number of at least ${least}`);
  };
}

export const count: Reader<number> = countFrom(0);

/** A length of time, or a moment since 1970. */
export const milliseconds: Reader<number> = (value) => {
  if (typeof value === 'number' && Number.isFinite(value) && value >= 0) return value;
  throw mismatch(value, 'a number of milliseconds');
};

/** One of these and nothing else. */
export function oneOf<const T extends string | number>(...values: readonly T[]): Reader<T> {
  const known: ReadonlySet<unknown> = new Set(values);
  return (value) => {
    if (known.has(value)) return value as T;
    throw new Mismatch(value === undefined ? 'is missing' : `is not one this library reads (${values.join(', ')})`);
  };
}

export function nullable<T>(reader: Reader<T>): Reader<T | null> {
  return (value) => (value === null ? null : reader(value));
}

/** A member that may be left out. */
export function optional<T>(reader: Reader<T>): Reader<T | undefined> {
  return (value) => (value === undefined ? undefined : reader(value));
}

export function listOf<T>(reader: Reader<T>): Reader<readonly T[]> {
  return (value) => {
    if (!Array.isArray(value)) throw mismatch(value, 'a list');
    let index = 0;
    try {
      for (; index < value.length; index += 1) reader(value[index]);
    } catch (error) {
      throw within(`[${index}]`, error);
    }
    return value as readonly T[];
  };
}

/** An object with these members of its own. Others pass and are kept: a newer version wrote them. */
export function object<T>(members: Members<T>): Reader<T> {
  const readers = Object.entries<Reader<unknown>>(members);
  return (value) => {
    if (!isPlainObject(value)) throw mismatch(value, 'an object');
    let at = '';
    try {
      for (const [name, reader] of readers) {
        at = name;
        // What is missing must not come from a prototype.
        reader(Object.hasOwn(value, name) ? value[name] : undefined);
      }
    } catch (error) {
      throw within(`.${at}`, error);
    }
    return value as T;
  };
}

/** An object with these members of its own and no others: a format of ours, whose version says what it holds. */
export function exactly<T>(members: Members<T>): Reader<T> {
  const known: ReadonlySet<string> = new Set(Object.keys(members));
  const reader = object(members);
  return (value) => {
    const unknown = isPlainObject(value) ? Object.keys(value).find((name) => !known.has(name)) : undefined;
    if (unknown === undefined) return reader(value);
    throw new Mismatch(`has the unknown member ${JSON.stringify(unknown.slice(0, 100))}`);
  };
}

/** The error of a reader inside another one, with the step that leads to it. */
function within(step: string, error: unknown): unknown {
  if (error instanceof Mismatch) error.path = step + error.path;
  return error;
}

function mismatch(value: unknown, wanted: string): Mismatch {
  return new Mismatch(value === undefined ? 'is missing' : `is ${kindOf(value)}, not ${wanted}`);
}
