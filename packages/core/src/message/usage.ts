// Tokens a run was billed for, as the service counted them.

/** Tokens as the service counted them. */
export interface Usage {
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly totalTokens: number;
  /** Part of `inputTokens` that was read from the service's cache. */
  readonly cachedInputTokens?: number;
  /** Part of `outputTokens` that was spent on reasoning. */
  readonly reasoningTokens?: number;
}

/** Sum over model calls. `null` means unknown, so it only stays `null` while nothing is known. */
export function addUsage(left: Usage | null, right: Usage | null): Usage | null {
  if (right === null) return left;
  const cached = sumKnown(left?.cachedInputTokens, right.cachedInputTokens);
  const reasoning = sumKnown(left?.reasoningTokens, right.reasoningTokens);
  // A new object for the first call too: a client's own may have members that we must not store.
  return {
    inputTokens: (left?.inputTokens ?? 0) + right.inputTokens,
    outputTokens: (left?.outputTokens ?? 0) + right.outputTokens,
    totalTokens: (left?.totalTokens ?? 0) + right.totalTokens,
    ...(cached === undefined ? {} : { cachedInputTokens: cached }),
    ...(reasoning === undefined ? {} : { reasoningTokens: reasoning }),
  };
}

function sumKnown(left: number | undefined, right: number | undefined): number | undefined {
  return left === undefined ? right : left + (right ?? 0);
}
