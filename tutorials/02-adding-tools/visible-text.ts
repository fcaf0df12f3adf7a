// Model text for one terminal line: control and invisible characters are shown escaped.

/** Controls, format characters such as a change of writing direction, and the two line separators of Unicode. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** The text with every unseen character written as `\u{…}`, so that two different texts never look the same. */
export function visible(text: string): string {
  return text.replaceAll(UNSEEN, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`);
}
