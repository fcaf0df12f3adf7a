// Fills the arguments of a tool from a question: one call for each set of values it holds.
import { isObject, type JsonObject } from '../request/body.ts';
import { Filling } from './filling.ts';
import type { Question } from './question.ts';
import { accepts } from './schema.ts';

/** Arguments for one or more calls, all valid against the schema, or the names of the arguments without a value. */
export interface Filled {
  readonly calls: readonly JsonObject[];
  readonly missing: readonly string[];
}

const MOST_CALLS = 16;

export function argumentsFor(schema: JsonObject, question: Question): Filled {
  const calls: JsonObject[] = [];
  const spent = new Set<unknown>();
  while (calls.length < MOST_CALLS) {
    const filling = new Filling(schema, question, spent);
    const value = filling.arguments();
    const isFilled = isObject(value) && accepts(schema, value);
    if (calls.length === 0 && !isFilled) return { calls, missing: filling.missing };
    if (!isFilled || (calls.length > 0 && !filling.tookNew)) break;
    calls.push(value);
    if (!filling.tookNew) break;
    for (const taken of filling.taken) spent.add(taken);
  }
  return { calls, missing: [] };
}
