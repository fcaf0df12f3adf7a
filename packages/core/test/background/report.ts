// A report that takes its time, and how a test lets that time pass.
import { vi } from 'vitest';
import type { ChatUpdate } from '../../src/seams.ts';
import { finished, text } from '../scripted-client.ts';

export const report: readonly ChatUpdate[] = [text('A long '), text('report.'), finished];

/** Lets the timers of a wait pass until it has settled. */
export async function passTime<T>(waiting: Promise<T>): Promise<T> {
  waiting.catch(() => {});
  await vi.advanceTimersByTimeAsync(120_000);
  return waiting;
}
