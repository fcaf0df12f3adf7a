// Reads one line at a time with Node's line editor, which exists only meanwhile, so that a resized window cannot redraw
// a prompt into an answer.
import { createInterface, type Interface } from 'node:readline';
import { type Keyboard, LINE_BREAK } from './keyboard.ts';
import type { LineHistory } from './line-history.ts';
import type { Output } from './screen.ts';

/** Two presses of Ctrl-C within this time leave. */
const TWICE_MS = 1000;

export interface LineEditorOptions {
  readonly keyboard: Keyboard;
  readonly output: Output;
  readonly prompt: string;
  readonly history: LineHistory;
}

export class LineEditor {
  readonly #options: LineEditorOptions;
  #lines: readonly string[];
  #pressedAt = Number.NEGATIVE_INFINITY;

  constructor(options: LineEditorOptions) {
    this.#options = options;
    this.#lines = options.history.read();
  }

  /** The next line, with the line breaks of what was pasted; null for Ctrl-D, Ctrl-C twice, or a closed terminal. */
  async readLine(): Promise<string | null> {
    const { keyboard, output, prompt } = this.#options;
    const editor = createInterface({
      input: keyboard.keys,
      output,
      terminal: true,
      prompt,
      history: [...this.#lines],
      historySize: 1000,
      removeHistoryDuplicates: true,
    });
    editor.on('history', (lines) => this.#remember(lines));
    editor.on('SIGINT', () => this.#interrupt(editor));
    const { promise, resolve } = Promise.withResolvers<string | null>();
    editor.on('line', resolve);
    editor.on('close', () => resolve(null));
    editor.prompt();
    keyboard.openLine(() => editor.prompt(true));
    const line = await promise;
    editor.close();
    return line?.replaceAll(LINE_BREAK, '\n') ?? null;
  }

  #remember(lines: readonly string[]): void {
    this.#lines = lines;
    this.#options.history.write(lines);
  }

  /** Ctrl-C clears the line; on an empty line a second press leaves. */
  #interrupt(editor: Interface): void {
    if (editor.line !== '') return clearLine(editor);
    const isSecond = performance.now() - this.#pressedAt < TWICE_MS;
    this.#pressedAt = performance.now();
    if (isSecond) return editor.close();
    this.#options.output.write('\n(press Ctrl-C again to leave)\n');
    editor.prompt();
  }
}

function clearLine(editor: Interface): void {
  editor.write(null, { ctrl: true, name: 'e' });
  editor.write(null, { ctrl: true, name: 'u' });
}
