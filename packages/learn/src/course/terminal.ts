// The terminal of the session: reads single keys, draws whole screens, and restores the terminal, even while suspended.
import type { ReadStream, WriteStream } from 'node:tty';
import { sizeOf } from '../screen/window.ts';

/** Moves the cursor to the top left and clears below it. Earlier output is in the scrollback. */
const CLEAR = '\u001B[H\u001B[J';

/** By then the shell has stopped the group, or nothing will and the session continues. */
const UNTIL_STOPPED_MS = 100;

export interface TerminalEvents {
  readonly onKey: (key: string) => void;
  readonly onResize: () => void;
}

export class Terminal implements Disposable {
  readonly #input: ReadStream;
  readonly #output: WriteStream;
  readonly #events: TerminalEvents;
  #screen = '';
  #resuming: NodeJS.Timeout | undefined;

  constructor(input: ReadStream, output: WriteStream, events: TerminalEvents) {
    this.#input = input;
    this.#output = output;
    this.#events = events;
    output.write('\n'.repeat(sizeOf(output).rows - 1));
    input.setEncoding('utf8').on('data', this.#onData);
    output.on('resize', events.onResize);
    process.on('SIGCONT', this.#resume);
    input.setRawMode(true);
  }

  show(screen: string): void {
    this.#screen = screen;
    this.#output.write(`${CLEAR}${screen}\n`);
  }

  readonly #onData = (text: string | Buffer): void => {
    const keys = String(text);
    if (keys === '\u001A') this.#suspend();
    else if (keys.startsWith('\u001B')) this.#events.onKey(keys);
    // Different characters at once are a paste, not keys.
    else if (new Set(keys).size === 1) for (const key of keys) this.#events.onKey(key);
  };

  /**
   * Ctrl-Z in raw mode is a key like any other: it stops the whole group, including pnpm and its shell, as Ctrl-Z would
   * do without raw mode.
   */
  #suspend(): void {
    if (process.platform === 'win32') return;
    this.#input.setRawMode(false);
    process.kill(0, 'SIGTSTP');
    this.#resuming = setTimeout(this.#resume, UNTIL_STOPPED_MS);
  }

  readonly #resume = (): void => {
    // The shell has changed the terminal mode without Node's knowledge, and Node passes on only a change.
    this.#input.setRawMode(false);
    this.#input.setRawMode(true);
    this.show(this.#screen);
  };

  [Symbol.dispose](): void {
    clearTimeout(this.#resuming);
    this.#input.off('data', this.#onData).pause();
    this.#output.off('resize', this.#events.onResize);
    process.off('SIGCONT', this.#resume);
    this.#input.setRawMode(false);
  }
}
