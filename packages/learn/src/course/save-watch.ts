// Detects saves by polling the file, which works with editors that replace it, on network drives and in containers.
import { statSync } from 'node:fs';

const LOOK_EVERY_MS = 200;

export class SaveWatch implements Disposable {
  readonly #timer: NodeJS.Timeout;
  #file = '';
  #savedAtMs = 0;

  constructor(onSave: () => void) {
    this.#timer = setInterval(() => {
      const savedAtMs = timeOf(this.#file);
      if (savedAtMs === this.#savedAtMs) return;
      this.#savedAtMs = savedAtMs;
      onSave();
    }, LOOK_EVERY_MS);
  }

  /** Watches this file from now on; the same file again changes nothing. */
  watch(file: string): void {
    if (file === this.#file) return;
    this.#file = file;
    this.#savedAtMs = timeOf(file);
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }
}

/** 0 when the file does not exist, for example while an editor replaces it. */
function timeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
