// A real terminal for a test: a command runs on it, keys go in, and the test waits for what it shows.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import { onTestFinished, type TestOptions } from 'vitest';

/** The interpreter itself: `python3` in the path may be a script that searches for it. Empty when there is none. */
const { stdout: python } = spawnSync('python3', ['-c', 'import pty, sys; print(sys.executable, end="")'], {
  encoding: 'utf8',
});

export const needsTerminal: TestOptions = { tags: ['terminal'], skip: python === '' };

/** With this a screen is drawn anew. */
const CLEAR = '\u001B[H\u001B[J';

export class TestTerminal implements AsyncDisposable {
  readonly #process: ChildProcess;
  readonly #keyboard: Writable;
  readonly #size: Writable;
  readonly #ended: Promise<unknown[]>;
  /** All that was ever written, codes included. */
  written = '';

  constructor(command: readonly string[], env: Readonly<Record<string, string>> = {}) {
    const { FORCE_COLOR: _, NO_COLOR: __, CI: ___, ...inherited } = process.env;
    // Python without site packages and variables of its own: it needs neither, and starts in half the time.
    this.#process = spawn(python, ['-I', '-S', join(import.meta.dirname, 'on-a-terminal.py'), ...command], {
      stdio: ['pipe', 'pipe', 'inherit', 'pipe'],
      env: { ...inherited, TERM: 'xterm', PS1: '$ ', ...env },
    });
    const [keyboard, screen, , size] = this.#process.stdio;
    this.#keyboard = keyboard as Writable;
    this.#size = size as Writable;
    this.#ended = once(this.#process, 'close');
    // A test that times out disposes of nothing, and the command would keep Vitest from ending.
    onTestFinished(() => this[Symbol.asyncDispose]());
    (screen as Readable).setEncoding('utf8').on('data', (text: string) => {
      this.written += text;
      this.#process.emit('shown');
    });
  }

  /** What was written since the last time the screen was drawn anew, as a person reads it. */
  get screen(): string {
    return stripVTControlCharacters(this.written.slice(this.written.lastIndexOf(CLEAR) + 1)).replaceAll('\r', '');
  }

  /** Resolves when the screen holds the text. Rejects when the command ends before. */
  async shows(text: string | RegExp): Promise<void> {
    const isShown = (): boolean => (typeof text === 'string' ? this.screen.includes(text) : text.test(this.screen));
    while (!isShown()) {
      const ended = this.#ended.then(() => Promise.reject(new Error(`ended without ${text}:\n${this.screen}`)));
      await Promise.race([once(this.#process, 'shown'), ended]);
    }
  }

  type(keys: string): void {
    this.#keyboard.write(keys);
  }

  resize(columns: number, rows: number): void {
    this.#size.write(`${columns} ${rows}\n`);
  }

  /** Resolves with the exit code of the command. */
  async ended(): Promise<unknown> {
    const [code] = await this.#ended;
    return code;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#keyboard.destroy();
    this.#process.kill('SIGHUP');
    await this.#ended;
  }
}
