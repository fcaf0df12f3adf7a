// The lines of a history file: one per turn and, after a truncate, one that keeps the version.
import type { LoadedHistory } from '@turnstream/core';
import { json, quotedId } from '@turnstream/core/seams';
import { corrupt, RECORD_START, readRecord } from './record.ts';

/** How many turns a file holds, and its version. */
export type Counts = Pick<LoadedHistory, 'turnCount' | 'version'>;

/** The line of a turn, from the output of `encodeMessages` and the counts after the turn. */
export function turnLine({ turnCount, version }: Counts, messages: string): string {
  // The two are equal in a file that was never truncated.
  return `${RECORD_START}${turnCount}${version === turnCount ? '' : `,"version":${version}`}${messages}\n`;
}

/** The line that a truncate writes after the turns it keeps. */
export function truncateLine({ turnCount, version }: Counts): string {
  return `${RECORD_START}${turnCount},"version":${version}}\n`;
}

export function isTruncateLine(line: string): boolean {
  return /^\{"format":1,"turn":\d+,"version":\d+\}$/.test(line);
}

const counted = json.object({ turn: json.count, version: json.optional(json.countFrom(1)) });

/** The counts of a history, from its last line. Pass null for a file without lines. */
export function countsIn(last: string | null, sessionId: string): Counts {
  if (last === null) return { turnCount: 0, version: 0 };
  const where = `the last record of session ${quotedId(sessionId)}`;
  const { turn: turnCount, version = turnCount } = readRecord(last, counted, where);
  if (version < Math.max(1, turnCount)) throw corrupt(where, 'has no version, or one below its turn number');
  return { turnCount, version };
}
