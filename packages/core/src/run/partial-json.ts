// Incremental JSON: finds the longest prefix that can be closed, and parses that.

/**
 * Takes JSON in fragments, in a code fence or not. It never reads more than the complete text will contain: strings grow,
 * lists and objects fill up, and a number, a literal or a key appears once it is complete.
 */
export class PartialJson {
  #text = '';
  #state: 'unbegun' | 'open' | 'over' = 'unbegun';
  /** How many characters of the text have been scanned. */
  #scanned = 0;
  /** What closes the open lists and objects, innermost first. */
  #closing = '';
  #keyIsNext = false;
  #inString: 'key' | 'value' | null = null;
  #inScalar = false;
  /** The unfinished escape sequence, from its backslash on; '' when there is none. */
  #escape = '';
  /** The text up to here, followed by `#tail`, parses. */
  #readable = 0;
  #tail = '';
  #additions = 0;

  /** How much of the text is readable, in UTF-16 code units. */
  get readable(): number {
    return this.#readable;
  }

  /** How often the value has grown. The end of a string, a list or an object adds nothing to it. */
  get additions(): number {
    return this.#additions;
  }

  add(fragment: string): void {
    this.#text += fragment;
    // Not `#text`: indexing it would flatten the whole string again for every fragment.
    for (const char of this.#state === 'unbegun' ? this.#begin() : fragment.split('')) {
      if (this.#state === 'over') return;
      if (this.#inString === null) this.#take(char);
      else this.#takeInString(char, this.#inString);
      this.#scanned += 1;
    }
  }

  /** The text is complete, which ends a number or a literal at its end. */
  finish(): void {
    this.#endScalar();
  }

  /** The value so far, as a new object; undefined when there is none or the text is not JSON. Linear in the text. */
  read(): unknown {
    try {
      return JSON.parse(this.#text.slice(0, this.#readable) + this.#tail);
    } catch {
      return undefined;
    }
  }

  /** Drops leading whitespace and the line that opens a code fence; returns nothing while that line is incomplete. */
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

  /** An escape counts once it is complete, and the first half of a surrogate pair once the second has arrived. */
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

  /** A value has ended. `length` is 1 when the character just taken belongs to it, else 0. */
  #end(length: 0 | 1): void {
    this.#readable = this.#scanned + length;
    this.#tail = this.#closing;
    if (this.#closing === '') this.#state = 'over';
  }

  /** Up to the character just taken, and with `quote` and the closing appended, the text parses. */
  #mark(quote: '' | '"'): void {
    this.#readable = this.#scanned + 1;
    this.#tail = quote + this.#closing;
    this.#additions += 1;
  }
}
