// Reduces model text to plain text: removes everything that moves the cursor, rings, colors or reverses the line.

/** Control characters except newline and tab (including ESC, CR and the C1 set), and direction overrides. */
const CONTROLS = /[^\P{Cc}\n\t]|[\u202A-\u202E\u2066-\u2069]/gu;

const ENDS_IN_HALF_A_PAIR = /[\uD800-\uDBFF]$/;

/**
 * Cleans the fragments of one answer. Controls are removed one by one, so a sequence split across two fragments is as
 * harmless as a whole one; the rest of it stays as visible text.
 */
export class PlainText {
  /** An emoji can arrive in two halves, and half of one cannot be encoded. */
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
