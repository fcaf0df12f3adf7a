// What a service says about an answer besides the answer: which model, when, at what tier, and what is left of the limits.

/** One rate limit of the service, as it was when the answer began. Members the service did not send are absent. */
export interface RateLimit {
  /** The maximum in one period. */
  readonly limit?: number;
  /** How much of it is left. */
  readonly remaining?: number;
  /** Milliseconds from the answer until the limit is full again. */
  readonly resetMs?: number;
}

/** Members the service did not send are absent. With several model calls in a run, those of the last call. */
export interface ResponseMetadata {
  /** The model that answered, which may be a dated version of the requested one. */
  readonly model?: string;
  /** When the service began the answer, in milliseconds since 1970. */
  readonly createdAtMs?: number;
  readonly serviceTier?: string;
  /** The service's id of the HTTP request, for its support. */
  readonly requestId?: string;
  /** What is left of the service's rate limits, keyed by what they count in the service's own words: `requests`, `tokens`. */
  readonly rateLimits?: Readonly<Record<string, RateLimit>>;
  /** Log probabilities of the text's tokens, as the API writes them, when they were asked for. All model calls of the run. */
  readonly logprobs?: readonly unknown[];
}

/** Later members win; log probabilities are appended. */
export function mergeMetadata(left: ResponseMetadata | null, right: ResponseMetadata | null): ResponseMetadata | null {
  if (left === null || right === null) return left ?? right;
  const logprobs = [...(left.logprobs ?? []), ...(right.logprobs ?? [])];
  return { ...left, ...right, ...(logprobs.length === 0 ? {} : { logprobs }) };
}
