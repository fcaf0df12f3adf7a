// Fills the arguments of a tool from a question: each call takes values of its own, as many calls as there are values for.
import { isObject, type JsonObject } from '../request/body.ts';
import { Filling } from './filling.ts';
import type { Question } from './question.ts';
import { accepts } from './schema.ts';

/** Either arguments for one or more calls, all of which the schema accepts, or the names of what the question has no value for. */
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
