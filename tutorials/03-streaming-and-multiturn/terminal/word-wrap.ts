// Breaks lines between words at the edge of the window, while the words still come in fragments: a word that turns out too
// long for its line is taken back and begun again on the next one.
import stringWidth from 'string-width';

const characters = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** A window narrower than this is left to the terminal. */
const NARROWEST = 10;
const TAB = 8;

export class WordWrap {
  readonly #columns: () => number;
  #column: number;
  /** The word under way on this line, and its width. */
  #word = '';
  #width = 0;

  /** `column` is where the text begins; `columns` is asked again and again, because a window can be resized. */
  constructor(columns: () => number, column = 0) {
    this.#columns = columns;
    this.#column = column;
  }

  /** What is to be written for the next fragment. It moves the cursor with backspaces only. */
  next(fragment: string): string {
    // Behind the last column terminals differ in where the cursor is.
    const room = this.#columns() - 1;
    if (room < NARROWEST) return fragment;
    return Array.from(characters.segment(fragment), ({ segment }) => this.#place(segment, room)).join('');
  }

  #place(character: string, room: number): string {
    if (character === '\n') return this.#newLine('');
    const width = character === '\t' ? TAB - (this.#column % TAB) : stringWidth(character);
    const fits = this.#column + width <= room;
    if (character === ' ' || character === '\t') {
      if (!fits) return this.#newLine('');
      this.#word = '';
      this.#width = 0;
      this.#column += width;
      return character;
    }
    const before = fits ? '' : this.#breakBefore(width, room);
    this.#column += width;
    // Between wide characters (Chinese, emoji) a line may break anywhere.
    this.#word = width > 1 ? '' : this.#word + character;
    this.#width = width > 1 ? 0 : this.#width + width;
    return before + character;
  }

  /** Moves the word under way to the next line, unless it fills a line by itself. */
  #breakBefore(width: number, room: number): string {
    if (this.#width === this.#column || this.#width + width > room) return this.#newLine('');
    const back = '\b'.repeat(this.#width);
    return back + ' '.repeat(this.#width) + this.#newLine(this.#word);
  }

  #newLine(word: string): string {
    this.#column = word === '' ? 0 : this.#width;
    this.#width = this.#column;
    this.#word = word;
    return `\n${word}`;
  }
}
