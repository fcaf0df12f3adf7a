// Prints one answer as it arrives, and measures the time to the first word.
import { styleText } from 'node:util';
import type { AgentResponseUpdate } from '@turnstream/core';
import { PlainText } from './plain-text.ts';
import type { Screen } from './screen.ts';
import { startSpinner } from './spinner.ts';
import { WordWrap } from './word-wrap.ts';

/** The answer begins after a label of this width, such as `A: `. */
const LABEL_COLUMNS = 3;

/** Disposing (`using`) stops the spinner and ends the line, however the answer ends. */
export class AnswerPrinter implements Disposable {
  readonly #screen: Screen;
  readonly #plain = new PlainText();
  /** Null unless the output is a terminal. */
  readonly #wrap: WordWrap | null;
  readonly #startedAt = performance.now();
  readonly #eraseSpinner: () => void;
  #firstWordMs: number | null = null;
  #refused = false;
  #cutShort = '';
  #ended = false;

  constructor(screen: Screen) {
    this.#screen = screen;
    const { output } = screen;
    this.#wrap = output.isTTY === true ? new WordWrap(() => output.columns ?? 0, LABEL_COLUMNS) : null;
    this.#eraseSpinner = startSpinner(screen.errorOutput);
  }

  /** Updates without contents (usage, a finish reason) print nothing. */
  print(update: AgentResponseUpdate): void {
    if (update.finishReason === 'length' || update.finishReason === 'content_filter')
      this.#cutShort = update.finishReason;
    for (const content of update.contents) {
      if (content.type === 'text') this.#write(content.text);
      if (content.type === 'refusal') this.#writeRefusal(content.text);
    }
  }

  /** The answer is complete: ends its line and prints how long it took. */
  end(): void {
    this.#ended = true;
    this.#eraseSpinner();
    this.#screen.output.write('\n');
    if (this.#cutShort !== '') this.#screen.errorOutput.write(`[cut short: ${this.#cutShort}]\n`);
    if (!this.#screen.timings) return;
    const wholeMs = performance.now() - this.#startedAt;
    const first = this.#firstWordMs === null ? 'no words' : `first word ${Math.round(this.#firstWordMs)} ms`;
    const line = `   ${first}, whole answer ${(wholeMs / 1000).toFixed(1)} s`;
    this.#screen.errorOutput.write(`${styleText('dim', line, { stream: this.#screen.errorOutput })}\n`);
  }

  [Symbol.dispose](): void {
    if (this.#ended) return;
    this.#eraseSpinner();
    // If the answer was cut off before its first word, only a terminal has an open line: the prompt's.
    if (this.#firstWordMs !== null) this.#screen.output.write('\n');
    else if (this.#screen.errorOutput.isTTY === true) this.#screen.errorOutput.write('\n');
  }

  #write(fragment: string): void {
    const text = this.#plain.next(fragment);
    if (text === '') return;
    if (this.#firstWordMs === null) {
      this.#firstWordMs = performance.now() - this.#startedAt;
      this.#eraseSpinner();
    }
    this.#screen.output.write(this.#wrap?.next(text) ?? text);
  }

  #writeRefusal(fragment: string): void {
    if (!this.#refused) this.#write('[refused] ');
    this.#refused = true;
    this.#write(fragment);
  }
}
