// What the demo model says in the tests, and how fast: at once, unless a test acts while the answer comes. And how long
// the server is away that a test takes away.
import { setTimeout as sleep } from 'node:timers/promises';
import type { LabOptions } from '../src/lab.ts';

/** By a part of the question: the pieces of the answer. */
export type Says = Readonly<Record<string, readonly string[]>>;

/** The model writes a piece every 25 ms when the question ends like this. */
export const SLOWLY = ', slowly.';

const SLOW_MS = 25;
const FIRST_MS = 40;

export const briefly = (): Promise<unknown> => sleep(300);

export class TestModel {
  says: Says = {};
  everyMs = 1;
  away: () => Promise<unknown> = briefly;

  readonly options: LabOptions = {
    pace: { queuedMs: 60 },
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
