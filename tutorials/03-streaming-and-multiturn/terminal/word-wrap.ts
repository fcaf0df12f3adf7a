// Breaks lines between words at the edge of the window while words arrive in fragments: a word that turns out too long
// for its line is erased and rewritten on the next one.
import stringWidth from 'string-width';

const characters = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** In a window narrower than this, the terminal wraps. */
const NARROWEST = 10;
const TAB = 8;

export class WordWrap {
  readonly #columns: () => number;
  #column: number;
  /** The current word of this line, and its width. */
  #word = '';
  #width = 0;

  /** `column` is where the text begins; `columns` is called each time, because a window can be resized. */
  constructor(columns: () => number, column = 0) {
    this.#columns = columns;
    this.#column = column;
  }

  /** The output for the next fragment. It moves the cursor only with backspaces. */
  next(fragment: string): string {
    // After the last column, terminals differ in where the cursor is.
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

  /** Moves the current word to the next line, unless it fills a whole line. */
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
