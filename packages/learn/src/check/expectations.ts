// Expectations that fail with one sentence: "expected the second request to carry the first turn; it carried 1
// message".
import { inspect, isDeepStrictEqual } from 'node:util';

/** The unmet expectation, as a sentence for the learner. */
export class Unmet extends Error {
  override readonly name = 'Unmet';
}

/**
 * Fails unless `holds`: "expected `what`; `but`".
 *
 * @example
 * expected('the second request to carry the first turn', texts.length === 3, `it carried ${counted(texts.length, 'message')}`);
 */
export function expected(what: string, holds: boolean, but: string): asserts holds {
  if (!holds) throw new Unmet(`expected ${what}; ${but}`);
}

/** Fails unless both are deeply equal: "expected `what` to be 2; it was 1". */
export function equal(what: string, actual: unknown, wanted: unknown): void {
  if (!isDeepStrictEqual(actual, wanted))
    throw new Unmet(`expected ${what} to be ${printed(wanted)}; it was ${printed(actual)}`);
}

/**
 * Compares predictions with what happened, name by name; `undefined` is a prediction not made yet. A wrong one is named
 * with a direction, without the answer.
 *
 * @example
 * predicted({ messagesInSecondRequest }, { messagesInSecondRequest: model.requests[1]?.texts.length });
 */
export function predicted(
  predictions: Readonly<Record<string, unknown>>,
  happened: Readonly<Record<string, unknown>>,
): void {
  for (const [name, prediction] of Object.entries(predictions)) {
    if (prediction === undefined)
      throw new Unmet(`expected \`${name}\` to hold your prediction; it is still undefined`);
  }
  for (const [name, prediction] of Object.entries(predictions)) {
    const fact = happened[name];
    if (isDeepStrictEqual(prediction, fact)) continue;
    throw new Unmet(
      `expected \`${name}\` to be what happened; you predicted ${printed(prediction)}, ${direction(prediction, fact)}`,
    );
  }
}

/** A hint where to look, without the answer. */
function direction(prediction: unknown, fact: unknown): string {
  if (typeof prediction === 'number' && typeof fact === 'number') {
    return prediction < fact ? 'and it was more' : 'and it was less';
  }
  if (Array.isArray(prediction) && Array.isArray(fact)) {
    const first = prediction.findIndex((entry, index) => !isDeepStrictEqual(entry, fact[index]));
    return first === -1 || first >= fact.length
      ? `and there were ${prediction.length < fact.length ? 'more' : 'fewer'} entries`
      : `and entry ${first + 1} is the first that differs`;
  }
  return 'and something else happened';
}

/** The value of the promise, or a failure when it takes longer: "expected `what` within 5 s; it was still waiting". */
export async function inTime<Value>(what: string, value: PromiseLike<Value>, limitMs = 5_000): Promise<Value> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const sentence = `expected ${what} within ${limitMs / 1_000} s; it was still waiting`;
  const timer = setTimeout(() => reject(new Unmet(sentence)), limitMs);
  return Promise.race([value, late]).finally(() => clearTimeout(timer));
}

/** "1 message", "3 messages". */
export function counted(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

function printed(value: unknown): string {
  const text = jsonOf(value) ?? inspect(value, { breakLength: Number.POSITIVE_INFINITY });
  return text.length > 120 ? `${text.slice(0, 120)}…` : text;
}

/** Undefined for values that JSON cannot represent: a function, a bigint, a cycle. */
function jsonOf(value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch {
    return undefined;
  }
}
