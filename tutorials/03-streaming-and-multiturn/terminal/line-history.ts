// The history of typed lines, stored in the user's files from one chat to the next.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';

const MOST_LINES = 1000;

/** https://specifications.freedesktop.org/basedir-spec/latest/ */
export function historyFile(): string {
  const state = process.env['XDG_STATE_HOME'] || join(homedir(), '.local', 'state');
  return join(state, 'turnstream', 'chat-history');
}

/** A chat continues without its file: it reports the first problem once and then ignores the file. */
export class LineHistory {
  readonly #file: string;
  readonly #onProblem: (message: string) => void;
  #isUsable = true;

  constructor(file: string, onProblem: (message: string) => void) {
    this.#file = file;
    this.#onProblem = onProblem;
  }

  /** Newest first. */
  read(): readonly string[] {
    return this.#attempt(() => readFileSync(this.#file, 'utf8').split('\n').filter(Boolean)) ?? [];
  }

  /** Replaces what is stored. Only the user can read the file: questions may be private. */
  write(lines: readonly string[]): void {
    this.#attempt(() => {
      mkdirSync(dirname(this.#file), { recursive: true, mode: 0o700 });
      writeFileSync(this.#file, lines.slice(0, MOST_LINES).join('\n'), { mode: 0o600 });
    });
  }

  #attempt<T>(work: () => T): T | null {
    if (!this.#isUsable) return null;
    try {
      return work();
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      if (code === 'ENOENT') return null;
      this.#isUsable = false;
      this.#onProblem(`(what you type is not kept for the next chat: ${message})`);
      return null;
    }
  }
}
