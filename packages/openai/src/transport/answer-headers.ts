// The headers of an answer, looked up in what node:http received: most of them are never asked for.

/** The part of `Headers` that the SDK and this package use of an answer of success. */
export class AnswerHeaders implements Pick<Headers, 'get' | 'forEach'> {
  /** Names and values in turn, each as often as it came. */
  readonly #raw: readonly string[];

  constructor(raw: readonly string[]) {
    this.#raw = raw;
  }

  get(name: string): string | null {
    let found: string | null = null;
    for (const [each, value] of this.entries())
      if (each === name) found = found === null ? value : `${found}, ${value}`;
    return found;
  }

  forEach(callback: (value: string, name: string, all: Headers) => void): void {
    for (const [name, value] of this.entries()) callback(value, name, this as unknown as Headers);
  }

  *entries(): Generator<[name: string, value: string], undefined> {
    for (let index = 0; index < this.#raw.length; index += 2) {
      yield [(this.#raw[index] ?? '').toLowerCase(), this.#raw[index + 1] ?? ''];
    }
  }
}
