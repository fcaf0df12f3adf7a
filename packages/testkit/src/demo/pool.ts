// The values a question offers to one call, and which of them the call has taken.
import { isObject, type JsonObject } from '../request/body.ts';
import { hasNameBeside, namedText, switchFor } from './beside.ts';
import { type Choice, choicesIn } from './choices.ts';
import type { Found, Question } from './question.ts';
import { accepts, propertiesOf } from './schema.ts';

export class Pool {
  readonly taken: Set<Found | Choice> = new Set();
  readonly #question: Question;
  readonly #spent: ReadonlySet<unknown>;
  /** The arguments of the tool, and their enum values. */
  readonly #names: readonly string[];
  readonly #listed: readonly unknown[];

  /** `spent` holds the values of earlier calls, which are reused only when no other of that type is left. */
  constructor(root: JsonObject, question: Question, spent: ReadonlySet<unknown>) {
    this.#question = question;
    this.#spent = spent;
    this.#names = Object.keys(propertiesOf(root));
    const properties = Object.values(propertiesOf(root)).filter(isObject);
    this.#listed = properties.flatMap((property) => (Array.isArray(property['enum']) ? property['enum'] : []));
  }

  get tookNew(): boolean {
    return [...this.taken].some((taken) => !this.#spent.has(taken) && !('isEarlier' in taken));
  }

  /** Releases all values but these. */
  giveBack(kept: ReadonlySet<unknown>): void {
    for (const each of this.taken) if (!kept.has(each)) this.taken.delete(each);
  }

  /** A value that the argument's schema accepts: the one next to its name or, if it is required, any other. */
  take(schema: JsonObject, name: string, isNeeded: boolean): unknown {
    if (Array.isArray(schema['enum'])) return this.#takeChoice(schema, schema['enum'], name, isNeeded);
    const { numbers, strings, text } = this.#question;
    const named = this.#newestFirst([...strings, ...numbers]).filter((each) => hasNameBeside(each, name));
    // Dates and addresses are recognized by their form.
    const takesFree = isNeeded || schema['format'] !== undefined;
    const free = takesFree ? [...this.#free(strings), ...this.#free(numbers)] : [];
    for (const each of [...named, ...free]) {
      const reading = [each.value, each.text].find((value) => accepts(schema, value));
      if (reading === undefined) continue;
      this.taken.add(each);
      return reading;
    }
    const said = [namedText(text, name), switchFor(text, name)];
    const fallbacks = isNeeded ? [schema['default'], null] : [];
    return [...said, ...fallbacks].find((value) => value !== undefined && accepts(schema, value));
  }

  /** The choice that the question names. If it names none and one is required: the default, otherwise the first. */
  #takeChoice(schema: JsonObject, choices: readonly unknown[], name: string, isNeeded: boolean): unknown {
    const mentioned = this.#newestFirst(choicesIn(this.#question, choices));
    const fitting = mentioned.filter(({ value }) => accepts(schema, value));
    const choice =
      fitting.find((each) => hasNameBeside(each, name)) ?? fitting.find((each) => !this.#isNamed(each)) ?? fitting[0];
    if (choice !== undefined) {
      this.taken.add(choice);
      return choice.value;
    }
    const fallbacks = isNeeded ? [schema['default'], ...choices] : [];
    return fallbacks.find((value) => value !== undefined && accepts(schema, value));
  }

  #newestFirst<T extends Found | Choice>(all: readonly T[]): T[] {
    const left = all.filter((each) => !this.taken.has(each));
    return left.toSorted((one, other) => Number(this.#spent.has(one)) - Number(this.#spent.has(other)));
  }

  /**
   * Prefers values that are no enum value and next to no argument name. Reuses values of earlier calls only if no other
   * of that type is left.
   */
  #free(all: readonly Found[]): Found[] {
    const isAllSpent = all.every((each) => this.#spent.has(each));
    const left = all.filter((each) => !this.taken.has(each) && (isAllSpent || !this.#spent.has(each)));
    const isOthers = (each: Found): boolean => this.#listed.includes(each.value) || this.#isNamed(each);
    return [...left.filter((each) => !isOthers(each)), ...left.filter(isOthers)];
  }

  #isNamed(each: Found | Choice): boolean {
    return this.#names.some((name) => hasNameBeside(each, name));
  }
}
