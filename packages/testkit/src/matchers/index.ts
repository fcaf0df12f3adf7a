// Vitest matchers for the three claims worth testing about a chat: it streams, its history grows, its sessions stay
// separate. Importing this module registers them.
import { expect } from 'vitest';
import type { RecordedRequest } from '../request/recorded.ts';
import { streamedInChunks } from './chunks.ts';
import { growsHistory, sharesNoHistory } from './history.ts';

declare module 'vitest' {
  // Without type parameters, because Vitest 4 and 5 declare different ones.
  interface Matchers {
    /**
     * The updates carry exactly these texts, in this order, or text in exactly this many of them.
     * Updates without text (role, usage, finish) do not count.
     */
    toBeStreamedInChunks(expected: readonly string[] | number): void;
    /**
     * The model calls of one session: each starts with all messages of the one before and adds to them.
     * Throws when there are fewer than two.
     */
    toGrowHistory(): void;
    /**
     * These calls carry no message of the others, except for their own questions. Script different answers: the same
     * answer in both sessions counts as shared. Throws when a side is empty.
     */
    toShareNoHistoryWith(others: readonly RecordedRequest[]): void;
  }
}

expect.extend({
  toBeStreamedInChunks: streamedInChunks,
  toGrowHistory: growsHistory,
  toShareNoHistoryWith: sharesNoHistory,
});
