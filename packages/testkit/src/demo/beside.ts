// Finds values next to the name of an argument: `sides 6`, `6 sides`, `from Paris`, `city: paris`, `without umbrella`.
import type { Found } from './question.ts';
import { partsOf } from './words.ts';

/** True when the name of the argument comes before the value or, for a number, after it. */
export function hasNameBeside(
  { value, before, after }: Pick<Found, 'before' | 'after'> & { readonly value: unknown },
  name: string,
): boolean {
  const phrase = phraseOf(name);
  if (phrase === null) return false;
  if (new RegExp(String.raw`(?<![\p{L}\p{N}])${phrase}\s*(?:is|of|to|are|[:=])?\s*["'“‘\x60]?$`, 'iu').test(before))
    return true;
  return typeof value === 'number' && new RegExp(String.raw`^[\s-]?${phrase}(?![\p{L}\p{N}])`, 'iu').test(after);
}

/** The word after `name:` or `name=`. */
export function namedText(text: string, name: string): string | undefined {
  const phrase = phraseOf(name);
  return phrase === null
    ? undefined
    : new RegExp(String.raw`(?<![\p{L}\p{N}])${phrase}\s*[:=]\s*([^\s,;"'“‘]+)`, 'iu').exec(text)?.[1];
}

/**
 * Reads a boolean by its name: `with umbrella` is true; `no umbrella`, `without umbrella` and `umbrella: off` are
 * false.
 */
export function switchFor(text: string, name: string): boolean | undefined {
  const phrase = phraseOf(name);
  const named =
    phrase === null
      ? null
      : new RegExp(
          String.raw`(\b(?:no|not|without)\s+)?(?<![\p{L}\p{N}])${phrase}(?![\p{L}\p{N}])\s*(?:is|[:=])?\s*(\b(?:no|off|false)\b)?`,
          'iu',
        ).exec(text);
  return named === null ? undefined : named[1] === undefined && named[2] === undefined;
}

/** A pattern for the name as people write it, its last word in singular or plural; null for a name without words. */
function phraseOf(name: string): string | null {
  const parts = partsOf(name);
  return parts.length === 0 ? null : `${parts.join(String.raw`[\s_-]+`).replace(/(?<=\p{L}{2})s$/u, '')}(?:s|es|d|ed)?`;
}
