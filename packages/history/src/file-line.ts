// The lines of a history in a file: one for each turn and, where turns were taken back, one that keeps the version.
import type { LoadedHistory } from '@turnstream/core';
import { json, quotedId } from '@turnstream/core/seams';
import { corrupt, RECORD_START, readRecord } from './record.ts';

/** How many turns a file holds, and its version. */
export type Counts = Pick<LoadedHistory, 'turnCount' | 'version'>;

/** The line of a turn, from what `encodeMessages` made of it and the counts it leads to. */
export function turnLine({ turnCount, version }: Counts, messages: string): string {
  // In a file that was never truncated the two are the same.
  return `${RECORD_START}${turnCount}${version === turnCount ? '' : `,"version":${version}`}${messages}\n`;
}

/** The line that a truncate leaves behind the turns it keeps. */
export function truncateLine({ turnCount, version }: Counts): string {
  return `${RECORD_START}${turnCount},"version":${version}}\n`;
}

export function isTruncateLine(line: string): boolean {
  return /^\{"format":1,"turn":\d+,"version":\d+\}$/.test(line);
}

const counted = json.object({ turn: json.count, version: json.optional(json.countFrom(1)) });

/** The counts of a history, from its last line; null for a file without one. */
export function countsIn(last: string | null, sessionId: string): Counts {
  if (last === null) return { turnCount: 0, version: 0 };
  const where = `the last record of session ${quotedId(sessionId)}`;
  const { turn: turnCount, version = turnCount } = readRecord(last, counted, where);
  if (version < Math.max(1, turnCount)) throw corrupt(where, 'has a version that is less than its number, or none');
  return { turnCount, version };
}
