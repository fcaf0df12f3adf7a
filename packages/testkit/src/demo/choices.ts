// Finds the enum values that a question mentions.
import type { Question } from './question.ts';
import { partsOf, wordsIn } from './words.ts';

/** An enum value, and the text around its mention. */
export interface Choice {
  readonly value: unknown;
  readonly before: string;
  readonly after: string;
  /** Mentioned by the previous question, not by this one. */
  readonly isEarlier?: boolean;
}

/** Null where the question does not mention the value. */
const mentions = new WeakMap<Question, Map<string, Choice | null>>();

/**
 * The enum values that the question mentions, in order: by their words, otherwise by synonyms. One object per mention.
 */
export function choicesIn(question: Question, choices: readonly unknown[]): Choice[] {
  const known = mentions.get(question) ?? new Map<string, Choice | null>();
  mentions.set(question, known);
  const found = choices.flatMap((value) => {
    const key = JSON.stringify(value);
    const seen = known.get(key);
    const mention = seen === undefined ? mentionOf(question, value) : seen;
    known.set(key, mention);
    return mention ?? [];
  });
  const rank = ({ isEarlier = false, before }: Choice) => [Number(isEarlier), before.length] as const;
  return found.toSorted((one, other) => rank(one)[0] - rank(other)[0] || rank(one)[1] - rank(other)[1]);
}

function mentionOf({ text, previousText, words, numbers }: Question, value: unknown): Choice | null {
  if (typeof value === 'number') return numbers.find((each) => each.value === value) ?? null;
  const parts = typeof value === 'string' ? partsOf(value) : [];
  if (parts.length === 0) return null;
  const spelled = new RegExp(parts.join(String.raw`[\s_-]*`), 'giu');
  const said = wholeWordsIn(text, spelled);
  if (said !== null) return { value, ...around(said) };
  const meant = [...wordsIn(parts.join(' '))];
  if (meant.length > 0 && meant.every((word) => words.has(word))) return { value, before: text, after: '' };
  const earlier = wholeWordsIn(previousText, spelled);
  return earlier === null ? null : { value, ...around(earlier), isEarlier: true };
}

// Compiled once: \p{L} and \p{N} take about 1 ms to compile, too slow to repeat in every value's pattern.
const BEFORE_A_WORD = /(?<![\p{L}\p{N}])$/u;
const AFTER_A_WORD = /^(?![\p{L}\p{N}])/u;

/** The first match that neither starts nor ends within a word. */
function wholeWordsIn(text: string, pattern: RegExp): RegExpExecArray | null {
  const matches = text.matchAll(pattern);
  return matches.find((match) => isBetweenWords(around(match))) ?? null;
}

function isBetweenWords({ before, after }: Pick<Choice, 'before' | 'after'>): boolean {
  return BEFORE_A_WORD.test(before) && AFTER_A_WORD.test(after);
}

function around({ input, index, 0: said }: RegExpExecArray): Pick<Choice, 'before' | 'after'> {
  return { before: input.slice(0, index), after: input.slice(index + said.length) };
}
