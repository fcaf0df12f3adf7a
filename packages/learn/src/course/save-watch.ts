// Notices when a file is saved, by looking at it: that works everywhere, with editors that replace the file, on network
// drives and in containers.
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

  /** From now on it is this file; the same one again changes nothing. */
  watch(file: string): void {
    if (file === this.#file) return;
    this.#file = file;
    this.#savedAtMs = timeOf(file);
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }
}

/** 0 when there is no such file, as between the two steps of an editor that replaces it. */
function timeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
