// The headers of an answer as node:http received them: a `Headers` of them would cost more than reading them.

/** The part of `Headers` that the SDK and this package use of an answer of success. */
export class AnswerHeaders implements Pick<Headers, 'get' | 'forEach'> {
  /** Names in lower case and values in turn, each as often as it came. */
  readonly #list: readonly string[];

  constructor(raw: readonly string[]) {
    this.#list = raw.map((text, index) => (index % 2 === 0 ? text.toLowerCase() : text));
  }

  get(name: string): string | null {
    let found: string | null = null;
    this.forEach((value, each) => {
      if (each === name) found = found === null ? value : `${found}, ${value}`;
    });
    return found;
  }

  forEach(callback: (value: string, name: string, all: Headers) => void): void {
    const list = this.#list;
    for (let index = 0; index < list.length; index += 2) {
      callback(list[index + 1] ?? '', list[index] ?? '', this as unknown as Headers);
    }
  }

  entries(): IteratorObject<[name: string, value: string], undefined> {
    const entries: [string, string][] = [];
    this.forEach((value, name) => entries.push([name, value]));
    return entries.values();
  }
}
