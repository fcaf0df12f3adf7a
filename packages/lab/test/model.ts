// What the demo model says in the tests, and how fast: at once, unless a test acts while the answer comes. And how long
// the server is away that a test takes away.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '@turnstream/testkit';
import type { LabOptions } from '../src/lab.ts';

/** By a part of the question: the pieces of the answer. */
export type Says = Readonly<Record<string, readonly string[]>>;

/** The model writes a piece every 25 ms when the question ends like this. */
export const SLOWLY = ', slowly.';

const SLOW_MS = 25;
const FIRST_MS = 40;

export const briefly = (): Promise<unknown> => sleep(300);

/** Real time plus what a test has advanced it by. */
class LeapingClock implements Clock {
  #aheadMs = 0;
  #advanced = new AbortController();

  now(): number {
    return performance.now() + this.#aheadMs;
  }

  async until(moment: number, signal: AbortSignal): Promise<void> {
    while (this.now() < moment && !signal.aborted) {
      const woken = AbortSignal.any([signal, this.#advanced.signal]);
      await sleep(Math.ceil(moment - this.now()), null, { signal: woken, ref: false }).catch(() => {});
    }
  }

  advance(ms: number): void {
    this.#aheadMs += ms;
    this.#advanced.abort();
    this.#advanced = new AbortController();
  }
}

export class TestModel {
  says: Says = {};
  everyMs = 1;
  away: () => Promise<unknown> = briefly;
  /** The clock of background responses. */
  readonly clock = new LeapingClock();

  readonly options: LabOptions = {
    pace: { queuedMs: 60 },
    clock: this.clock,
    away: () => this.away(),
    change: (reply, { texts, body }) => {
      const question = texts.at(-1) ?? '';
      const everyMs = question.endsWith(SLOWLY) ? SLOW_MS : this.everyMs;
      const key = Object.keys(this.says).find((part) => question.includes(part));
      const parts = key === undefined ? reply.parts : [{ type: 'text' as const, chunks: [...this.says[key]!] }];
      const isWhole = body['stream'] !== true && body['background'] !== true;
      if (!isWhole) return { ...reply, parts, firstChunkDelayMs: FIRST_MS, chunkDelayMs: everyMs };
      // As long as a stream of it would take.
      const pieces = parts.reduce((sum, { chunks }) => sum + chunks.length, 0);
      return { ...reply, parts, firstChunkDelayMs: FIRST_MS + everyMs * (pieces - 1) };
    },
  };
}
