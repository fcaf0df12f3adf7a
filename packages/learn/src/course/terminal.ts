// The terminal of the session: single keys in, whole screens out, and left as it was found, also while it is suspended.
import type { ReadStream, WriteStream } from 'node:tty';

/** Cursor to the top left, and everything below it away. What was there before is in the scrollback. */
const CLEAR = '\u001B[H\u001B[J';

/** The shell has stopped the group by then, or nobody does and the session goes on. */
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
    output.write('\n'.repeat(output.rows - 1));
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
    // Different characters at once are a paste, which nobody means as keys.
    else if (new Set(keys).size === 1) for (const key of keys) this.#events.onKey(key);
  };

  /** Ctrl-Z in raw mode is a key like any other: the whole group stops, pnpm and its shell too, as they would without it. */
  #suspend(): void {
    if (process.platform === 'win32') return;
    this.#input.setRawMode(false);
    process.kill(0, 'SIGTSTP');
    this.#resuming = setTimeout(this.#resume, UNTIL_STOPPED_MS);
  }

  readonly #resume = (): void => {
    // The shell has set the terminal as it likes it, which Node does not know: only a change reaches the terminal.
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
