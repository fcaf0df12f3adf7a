// The words by which the demo model decides what a question is about and which tool fits it.

/** Stop words: a question and a tool may share them by chance. */
const COMMON = new Set(
  `a about after again all also am an and answer any are as ask at back be before but by call can could current
  currently do does each find for from function get give given gives had has have hello how i if in into is it its just
  kind let like look looks make many me much my name named need needs new no not now number numbers of off on one
  only or our out over please return returns set show shows so some such tell tells than that the their them then there
  these they this those times to today tool two up us use used uses using value values want was we were what when where which
  while who why will with word words would you your`
    .split(/\s+/)
    .filter((word) => word !== ''),
);

/** Synonyms. */
const MEANINGS: readonly (readonly [string, RegExp])[] = [
  [
    'weather',
    /\b(?:weather|forecast|temperatures?|umbrella|rain(?:ing|y)?|snow(?:ing|y)?|sunny|how (?:hot|warm|cold))\b/i,
  ],
  ['time', /\b(?:clock|hour)\b/i],
  ['add', /\bplus\b|\bsum\b|\d\s*\+\s*\d/i],
  ['subtract', /\bminus\b|\bdifference\b|\d\s+[-−]\s+\d/i],
  ['multiply', /\d\s*[*×]\s*\d|\btimes \d|\bproduct\b/i],
  ['divide', /\bdivided\b|\d\s*[/÷]\s*\d/i],
];

export function isCommon(word: string): boolean {
  return COMMON.has(word.toLowerCase());
}

/** The single words of a name, such as `roll`, `dice` of `rollDice` and `roll_dice`. */
export function partsOf(name: string): string[] {
  const spaced = name.replaceAll(/(?<=[\p{Ll}\p{N}])(?=\p{Lu})/gu, ' ');
  return spaced.match(/\p{L}+|\p{N}+/gu) ?? [];
}

/** The significant words, stemmed, plus the meanings of synonyms. */
export function wordsIn(text: string): Set<string> {
  const parts = partsOf(text);
  const words = parts.filter((part) => !isCommon(part)).map(stemOf);
  const spaced = parts.length === 1 ? text : `${text} ${parts.join(' ')}`;
  const meant = MEANINGS.filter(([, pattern]) => pattern.test(spaced)).map(([meaning]) => stemOf(meaning));
  return new Set([...words, ...meant]);
}

/** A rough stemmer, applied to both sides: `rolls`, `rolled` and `rolling` are `roll`. */
function stemOf(word: string): string {
  const stem = word.toLowerCase().replace(/(?:ies|ied)$/, 'y');
  return stem.replace(/(?<=\p{L}{3})(?:ing|ed|es|s)$/u, '').replace(/(?<=\p{L}{2})e$/u, '');
}
