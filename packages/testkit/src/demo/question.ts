// The values in a question that can fill arguments: numbers, quoted strings, dates, addresses and names.
import { isCommon, wordsIn } from './words.ts';

/** A value that may become an argument, and the text around it. */
export interface Found {
  readonly value: string | number;
  /** As it is written. */
  readonly text: string;
  readonly before: string;
  readonly after: string;
}

export interface Question {
  readonly text: string;
  /** From the question that this one continues; empty if it continues none. */
  readonly previousText: string;
  /** The question without its names and quoted strings. */
  readonly words: ReadonlySet<string>;
  readonly numbers: readonly Found[];
  /** Quoted strings first, then names, then dates, times and addresses. */
  readonly strings: readonly Found[];
}

interface Span {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

const QUOTED = /"([^"]+)"|“([^”]+)”|‘([^’]+)’|`([^`]+)`|(?<![\p{L}\p{N}])'([^']+)'(?![\p{L}\p{N}])/gu;
const SHAPED =
  /[\w.+-]+@[\w-]+(?:\.[\w-]+)+|https?:\/\/[^\s,]*[^\s,.?!]|\b\d{4}-\d\d-\d\d(?:T[\d:.]+(?:Z|[+-]\d\d:\d\d)?)?\b|\b\d{1,2}:\d\d(?::\d\d)?\b|\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/gi;
const NUMBER = /(?<![\p{L}\p{N}_.])[-−]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?/gu;
const NAME = /(?<![\p{L}\p{N}])\p{Lu}[\p{L}\p{N}'’-]*(?:(?: (?:de|del|do|la|los|of))? \p{Lu}[\p{L}\p{N}'’-]*)*/gu;

/** Capitalized words that are not names. */
const NO_NAME =
  /^(?:I['’]\p{L}+|Celsius|Fahrenheit|JSON|API|OK|AI|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|January|February|March|April|May|June|July|August|September|October|November|December)$/u;

/** `previous` is the question that this one continues: it supplies the types of value that this one lacks. */
export function readQuestion(text: string, previous: Question | null = null): Question {
  const quoted = spansOf(text, QUOTED);
  const unquoted = without(text, quoted);
  const shaped = spansOf(unquoted, SHAPED);
  const plain = without(unquoted, shaped);
  const numbers = spansOf(plain, NUMBER).map((span) =>
    found(text, span, Number(span.text.replaceAll(',', '').replace('−', '-'))),
  );
  const names = namesIn(plain);
  const strings = uniqueBy([...quoted, ...names, ...shaped].map((span) => found(text, span, span.text)));
  return {
    text,
    previousText: previous?.text ?? '',
    words: wordsIn(without(plain, names)),
    numbers: numbers.length > 0 ? numbers : (previous?.numbers ?? []),
    strings: strings.length > 0 ? strings : (previous?.strings ?? []),
  };
}

/** A name has a capital letter, does not start a sentence, and is not the speaker's own. */
function namesIn(text: string): Span[] {
  return spansOf(text, NAME).flatMap(({ text: name, start }) => {
    const before = text.slice(0, start);
    if (/(?:^|[.?!\n])\s*$/.test(before) || /\b(?:I am|I['’]m|my name is|call me) $/i.test(before)) return [];
    if (isCommon(name) || NO_NAME.test(name)) return [];
    const owner = name.replace(/['’]s?$/, '');
    return [{ text: owner, start, end: start + owner.length }];
  });
}

function spansOf(text: string, pattern: RegExp): Span[] {
  return [...text.matchAll(pattern)].map((match) => {
    const inner = match.slice(1).find((group) => group !== undefined) ?? match[0];
    return { text: inner, start: match.index, end: match.index + match[0].length };
  });
}

function without(text: string, spans: readonly Span[]): string {
  return spans.reduce((rest, { start, end }) => rest.slice(0, start) + ' '.repeat(end - start) + rest.slice(end), text);
}

function found(text: string, { start, end, text: written }: Span, value: string | number): Found {
  return { value, text: written, before: text.slice(0, start), after: text.slice(end) };
}

function uniqueBy(all: readonly Found[]): Found[] {
  return all.filter(({ value }, index) => all.findIndex((other) => other.value === value) === index);
}
