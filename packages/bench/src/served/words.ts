// What the servers are asked to say, in the question itself: so many words, at once or one every so often.
import { setTimeout as sleep } from 'node:timers/promises';
import { chunksOfText } from '../wire.ts';

export interface Script {
  readonly words: number;
  /** Between two words, in milliseconds; 0: all of them are there. */
  readonly everyMs: number;
}

const SAID = chunksOfText(100);

export function questionOf({ words, everyMs }: Script): string {
  return `Say ${words} words, one every ${everyMs} ms.`;
}

/** The words of one answer, one by one. */
export class Words {
  readonly #script: Script;
  #said = 0;

  constructor(question: string) {
    const [words = 0, everyMs = 0] = question.match(/\d+/g)?.map(Number) ?? [];
    this.#script = { words, everyMs };
  }

  get isOver(): boolean {
    return this.#said === this.#script.words;
  }

  /** The next word if it is there; null when it takes its time. */
  ready(): string | null {
    return this.#script.everyMs === 0 || this.#said === 0 ? this.#next() : null;
  }

  async wait(): Promise<string> {
    await sleep(this.#script.everyMs);
    return this.#next();
  }

  #next(): string {
    const word = SAID[this.#said % SAID.length] ?? '';
    this.#said += 1;
    return word;
  }
}
