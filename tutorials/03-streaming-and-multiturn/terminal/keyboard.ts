// The keys of a terminal, for a line editor that exists only between two answers: keys typed during an answer wait
// for the next prompt, and a paste is one line, however many it has.
import { PassThrough } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';

/** Stands for a line break in a pasted text while it is edited in one line. */
export const LINE_BREAK = '␤';

/** Bracketed paste: https://invisible-island.net/xterm/ctlseqs/ctlseqs.html#h2-Bracketed-Paste-Mode */
const PASTE_ON = '\u001B[?2004h';
const PASTE_OFF = '\u001B[?2004l';
const PASTE_START = '\u001B[200~';
const PASTE_END = '\u001B[201~';
const CTRL_C = '\u0003';
const CTRL_Z = '\u001A';

export interface Terminal {
  readonly input: NodeJS.ReadableStream & { setRawMode?(isRaw: boolean): unknown };
  readonly output: NodeJS.WritableStream;
}

export interface KeyboardOptions {
  /** Called for Ctrl-C while no line is read. */
  readonly onInterrupt: () => void;
  /** Stops the process and everything started with it; Ctrl-Z does. */
  readonly suspend?: () => void;
}

/** Reads the terminal from the first to the last line; disposing restores its state. */
export class Keyboard implements Disposable {
  /** The line editor's input: the keys of one line, up to Enter, after each `openLine` call. */
  readonly keys = new PassThrough({ encoding: 'utf8' });
  readonly #terminal: Terminal;
  readonly #options: KeyboardOptions;
  readonly #decoder = new StringDecoder('utf8');
  #waiting = '';
  #isOpen = false;
  #redraw: () => void = () => {};

  constructor(terminal: Terminal, options: KeyboardOptions) {
    this.#terminal = terminal;
    this.#options = options;
    this.#take(true);
    terminal.input.on('data', this.#onData);
    terminal.input.on('end', this.#onEnd);
  }

  /** Passes on the keys of one line, buffered keys first. Calls `redraw` when the process resumes after Ctrl-Z. */
  openLine(redraw: () => void): void {
    this.#isOpen = true;
    this.#redraw = redraw;
    this.#pass();
  }

  [Symbol.dispose](): void {
    this.#terminal.input.off('data', this.#onData);
    this.#terminal.input.off('end', this.#onEnd);
    this.#take(false);
    this.#terminal.input.pause();
  }

  readonly #onData = (data: Buffer | string): void => {
    this.#waiting += typeof data === 'string' ? data : this.#decoder.write(data);
    // Signals are not buffered.
    this.#waiting = this.#waiting.replaceAll(CTRL_Z, () => {
      this.#stop();
      return '';
    });
    if (!this.#isOpen) {
      this.#waiting = this.#waiting.replaceAll(CTRL_C, () => {
        this.#options.onInterrupt();
        return '';
      });
    }
    this.#pass();
  };

  readonly #onEnd = (): void => void this.keys.end();

  #pass(): void {
    while (this.#isOpen) {
      const [token, keys] = nextToken(this.#waiting);
      if (token === '') return;
      this.#waiting = this.#waiting.slice(token.length);
      if (keys === '\r') this.#isOpen = false;
      this.keys.write(keys);
    }
  }

  #stop(): void {
    const { suspend = stopGroup } = this.#options;
    this.#take(false);
    process.once('SIGCONT', () => {
      this.#take(true);
      if (this.#isOpen) this.#redraw();
    });
    suspend();
  }

  /** Takes over the terminal, or releases it. */
  #take(isOurs: boolean): void {
    const { input, output } = this.#terminal;
    input.setRawMode?.(isOurs);
    if (process.env['TERM'] !== 'dumb') output.write(isOurs ? PASTE_ON : PASTE_OFF);
  }
}

/**
 * The first token of the input, and its keys for the line editor: a paste, an Enter or a run of other keys;
 * '' when the token is incomplete.
 */
function nextToken(typed: string): readonly [token: string, keys: string] {
  if (typed.startsWith(PASTE_START)) {
    const end = typed.indexOf(PASTE_END);
    if (end === -1) return ['', ''];
    const pasted = typed.slice(PASTE_START.length, end);
    return [typed.slice(0, end + PASTE_END.length), inOneLine(pasted)];
  }
  // The beginning of an incomplete paste.
  if (typed.length < PASTE_START.length && PASTE_START.startsWith(typed)) return ['', ''];
  if (/^[\r\n]/.test(typed)) return [typed.slice(0, 1), '\r'];
  const end = typed.slice(1).search(/[\r\n\u001B]/);
  const run = end === -1 ? typed : typed.slice(0, end + 1);
  return [run, run];
}

/** Control characters in a paste are not keys. */
function inOneLine(pasted: string): string {
  return pasted.replaceAll(/\r\n?|\n/g, LINE_BREAK).replaceAll(/[^\P{Cc}\t]/gu, '');
}

/**
 * Stops everything in the foreground: the shell shows its prompt only when the package manager that started us stops
 * too.
 */
function stopGroup(): void {
  if (process.platform !== 'win32') process.kill(0, 'SIGTSTP');
}
