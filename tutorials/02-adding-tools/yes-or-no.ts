// Asks yes or no on the terminal or reads it from a pipe. No answer means no.
import { createInterface, type Interface } from 'node:readline';

export class YesOrNo implements Disposable {
  readonly #lines: Interface = createInterface({ input: process.stdin });
  readonly #answers = this.#lines[Symbol.asyncIterator]();

  async ask(question: string): Promise<boolean> {
    process.stderr.write(`${question} [y/n] `);
    const { value } = await this.#answers.next();
    return /^y(es)?$/i.test(value?.trim() ?? '');
  }

  [Symbol.dispose](): void {
    this.#lines.close();
  }
}
