// What a question has to fill arguments with: numbers, quoted strings, dates and addresses, and names.
import { isCommon, wordsIn } from './words.ts';

/** Something that may become an argument, and the text around it. */
export interface Found {
  readonly value: string | number;
  /** As it is written. */
  readonly text: string;
  readonly before: string;
  readonly after: string;
}

export interface Question {
  readonly text: string;
  /** Of the question that this one goes on from; empty when there is none. */
  readonly previousText: string;
  /** What it is about, its names and quoted strings left out. */
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

/** Capitals that begin no name. */
const NO_NAME =
  /^(?:I['’]\p{L}+|Celsius|Fahrenheit|JSON|API|OK|AI|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|January|February|March|April|May|June|July|August|September|October|November|December)$/u;

/** `previous` is the question that this one goes on from: it gives whatever this one has none of. */
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

/** A name has a capital letter, begins no sentence, and is not who is speaking. */
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
