// The process of the readers, as the measured one holds it.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Order } from './readers-process.ts';

export class Reading implements Disposable {
  readonly #process: ChildProcess;

  constructor() {
    // With the ending that this file has: it is run from its source and compiled.
    this.#process = fork(join(import.meta.dirname, import.meta.filename.replace(/.*reading/, 'readers-process')));
  }

  /** Resolves when the order is fulfilled, with the events that were read until then. */
  async send(order: Order): Promise<number> {
    this.#process.send(order);
    const [events] = (await once(this.#process, 'message')) as [number];
    return events;
  }

  [Symbol.dispose](): void {
    this.#process.disconnect();
  }
}
