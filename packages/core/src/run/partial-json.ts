// JSON while it is being written: finds the longest beginning that can be closed, and parses that.

/**
 * Takes JSON in fragments, fenced or not. What it reads is never more than the whole will say: strings grow, lists and
 * objects fill up, and a number, a literal or a key is there when its end is.
 */
export class PartialJson {
  #text = '';
  #state: 'unbegun' | 'open' | 'over' = 'unbegun';
  /** Characters of the text that were scanned. */
  #scanned = 0;
  /** What closes the open lists and objects, innermost first. */
  #closing = '';
  #keyIsNext = false;
  #inString: 'key' | 'value' | null = null;
  #inScalar = false;
  /** The escape under way, from its backslash on; '' when there is none. */
  #escape = '';
  /** The text up to here can be read, with the tail behind it. */
  #readable = 0;
  #tail = '';
  #additions = 0;

  /** How much of the text can be read, in UTF-16 code units. */
  get readable(): number {
    return this.#readable;
  }

  /** How often something was added to the value. An end of a string, a list or an object adds nothing. */
  get additions(): number {
    return this.#additions;
  }

  add(fragment: string): void {
    this.#text += fragment;
    // Not the text itself: to look into it copies it, fragment by fragment.
    for (const char of this.#state === 'unbegun' ? this.#begin() : fragment.split('')) {
      if (this.#state === 'over') return;
      if (this.#inString === null) this.#take(char);
      else this.#takeInString(char, this.#inString);
      this.#scanned += 1;
    }
  }

  /** The text is whole: what only its end could end is. */
  finish(): void {
    this.#endScalar();
  }

  /** The value so far, built anew; undefined when there is none, or the text is no JSON. Takes as long as the text is. */
  read(): unknown {
    try {
      return JSON.parse(this.#text.slice(0, this.#readable) + this.#tail);
    } catch {
      return undefined;
    }
  }

  /** Drops blanks, and the line that opens a fence; '' when that is not all here. */
  #begin(): string[] {
    const text = this.#text.trimStart();
    const opening = text.startsWith('`') ? text.indexOf('\n') + 1 : 0;
    if (text === '' || (text.startsWith('`') && opening === 0)) return [];
    this.#state = 'open';
    this.#text = text.slice(opening);
    return this.#text.split('');
  }

  #take(char: string): void {
    switch (char) {
      case '"':
        this.#inString = this.#keyIsNext ? 'key' : 'value';
        return this.#keyIsNext ? undefined : this.#mark('"');
      case '{':
      case '[':
        this.#closing = (char === '{' ? '}' : ']') + this.#closing;
        this.#keyIsNext = char === '{';
        return this.#mark('');
      case '}':
      case ']':
        this.#endScalar();
        this.#closing = this.#closing.slice(1);
        return this.#end(1);
      case ',':
        this.#endScalar();
        this.#keyIsNext = this.#closing.startsWith('}');
        return;
      case ':':
        this.#keyIsNext = false;
        return;
      default:
        if (char.trim() === '') this.#endScalar();
        else this.#inScalar = true;
    }
  }

  /** An escape counts when it is whole, and the first half of a pair when the second is there. */
  #takeInString(char: string, kind: 'key' | 'value'): void {
    if (char === '"' && this.#escape === '') {
      this.#inString = null;
      return kind === 'value' ? this.#end(1) : undefined;
    }
    if (this.#escape !== '' || char === '\\') {
      this.#escape += char;
      if (this.#escape.length < (this.#escape.startsWith('\\u') ? 6 : 2)) return;
    }
    const isFirstHalf = /^[\uD800-\uDBFF]$|^\\ud[89ab]/i.test(this.#escape || char);
    this.#escape = '';
    if (kind === 'value' && !isFirstHalf) this.#mark('"');
  }

  #endScalar(): void {
    if (!this.#inScalar) return;
    this.#inScalar = false;
    this.#additions += 1;
    this.#end(0);
  }

  /** A value has ended; `length` of what was just taken belongs to it. */
  #end(length: 0 | 1): void {
    this.#readable = this.#scanned + length;
    this.#tail = this.#closing;
    if (this.#closing === '') this.#state = 'over';
  }

  /** With what was just taken, and `quote` and the closing behind it, the text is a value. */
  #mark(quote: '' | '"'): void {
    this.#readable = this.#scanned + 1;
    this.#tail = quote + this.#closing;
    this.#additions += 1;
  }
}
