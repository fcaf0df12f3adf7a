// The error for an answer that did not begin or did not go on in time.

export class SilenceError extends Error {
  readonly code = 'ERR_SILENCE';
  readonly waitedMs: number;

  constructor(waitedMs: number) {
    super(`No byte for ${waitedMs} ms`);
    this.waitedMs = waitedMs;
  }
}
