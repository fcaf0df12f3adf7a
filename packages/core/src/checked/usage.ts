// Token counts that come back from storage or from a server.
import type { Usage } from '../message/usage.ts';
import { count, type Members, optional } from './json.ts';

/** The members of a usage: all that there may be in a format of ours, and what a newer server may add to. */
export const usageMembers: Members<Usage> = {
  inputTokens: count,
  outputTokens: count,
  totalTokens: count,
  cachedInputTokens: optional(count),
  reasoningTokens: optional(count),
};
