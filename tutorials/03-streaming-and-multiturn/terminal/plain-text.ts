// What a model may show on a terminal: text. Whatever moves the cursor, rings, colours or turns the line around is removed.

/** Control characters but newline and tab (ESC, CR and the C1 set among them), and what overrides the writing direction. */
const CONTROLS = /[^\P{Cc}\n\t]|[\u202A-\u202E\u2066-\u2069]/gu;

const ENDS_IN_HALF_A_PAIR = /[\uD800-\uDBFF]$/;

/**
 * Cleans the fragments of one answer. Controls are removed one by one, so a sequence that is cut in two by a fragment's
 * border is as harmless as a whole one; what is left of it is visible text.
 */
export class PlainText {
  /** An emoji can arrive in two halves, and half of one cannot be written. */
  #half = '';

  next(fragment: string): string {
    const text = this.#half + fragment;
    this.#half = ENDS_IN_HALF_A_PAIR.exec(text)?.[0] ?? '';
    return text
      .slice(0, text.length - this.#half.length)
      .replace(CONTROLS, '')
      .toWellFormed();
  }
}
