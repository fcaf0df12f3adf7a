// Streams that pass for a terminal: what is typed goes in, what is shown is kept.
import { PassThrough, Writable } from 'node:stream';
import { WriteStream } from 'node:tty';
import { stripVTControlCharacters } from 'node:util';

export class FakeOutput extends Writable {
  readonly isTTY: boolean;
  columns = 120;
  /** Everything written so far. */
  text = '';
  #waiting: (() => void)[] = [];

  constructor(isTTY: boolean) {
    super({ decodeStrings: false });
    this.isTTY = isTTY;
  }

  /** A terminal's own rule for colors, by TERM, NO_COLOR and the like. */
  getColorDepth(): number {
    return WriteStream.prototype.getColorDepth.call(this);
  }

  /** What a person reads: without the codes by which readline moves the cursor, backspaces obeyed. */
  get visible(): string {
    const shown: string[] = [];
    for (const character of stripVTControlCharacters(this.text)) {
      if (character === '\b') shown.pop();
      else shown.push(character);
    }
    return shown.join('');
  }

  /** Resolves once the visible text matches. */
  async shows(pattern: RegExp | string): Promise<void> {
    const found = (): boolean =>
      typeof pattern === 'string' ? this.visible.includes(pattern) : pattern.test(this.visible);
    while (!found()) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  override _write(chunk: string, _encoding: string, done: () => void): void {
    this.text += chunk;
    done();
    for (const wake of this.#waiting.splice(0)) wake();
  }
}

export function fakeOutput({ isTTY }: { isTTY: boolean }): FakeOutput {
  return new FakeOutput(isTTY);
}

/** A keyboard: `type('text\r')`, `type('\x03')` for Ctrl-C, `type('\x04')` for Ctrl-D. */
export class FakeKeyboard extends PassThrough {
  readonly isTTY = true;
  readonly rawModes: boolean[] = [];

  setRawMode(on: boolean): this {
    this.rawModes.push(on);
    return this;
  }

  type(keys: string): void {
    this.write(keys);
  }
}
