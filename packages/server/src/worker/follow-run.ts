// Follows a background run to its end: by its events while the service streams them, by looks when it does not.
import { AgentError, type AgentResponse, type BackgroundRun } from '@turnstream/core';
import type { RunEventWriter } from './event-writer.ts';
import { isPassing } from './passing.ts';

/** A stream that says nothing for so long is left for a look, and taken up again if the run goes on. */
const SILENCE_MS = 60_000;
const FAILED_LOOKS_IN_A_ROW = 5;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 10_000;

export interface FollowOptions {
  readonly background: BackgroundRun;
  readonly telling: RunEventWriter;
  /** Ends the following, not the run, with its own reason. */
  readonly signal: AbortSignal;
  /** Waits for news of the run, at most so many milliseconds. Rejects with the signal's reason. */
  readonly news: (timeoutMs: number) => Promise<void>;
}

/** The answer. Rejects with why there is none, as `BackgroundRun.wait()` does, or with why the looks failed. */
export async function followRun(run: FollowOptions): Promise<AgentResponse> {
  const { background, telling, signal, news } = run;
  let isStreamed = true;
  let failures = 0;
  for (let pauses = 0; ; ) {
    if (isStreamed) isStreamed = await readEvents(run);
    let retryAfterMs: number | null = null;
    try {
      const status = await background.poll({ signal });
      if (status !== 'queued' && status !== 'in_progress') return await background.wait();
      retryAfterMs = background.retryAfterMs;
      failures = 0;
    } catch (error) {
      failures += 1;
      if (!isPassing(error) || failures >= FAILED_LOOKS_IN_A_ROW) throw error;
      retryAfterMs = error.retryAfterMs ?? null;
    }
    await telling.moved(background.toJSON());
    if (isStreamed && failures === 0) continue;
    await news(pauseMs(pauses, retryAfterMs));
    pauses += 1;
  }
}

/** Reads while events come. True when it is worth reading on: they came to their end, got further, or only stayed away. */
async function readEvents({ background, telling, signal }: FollowOptions): Promise<boolean> {
  const { id, sequenceNumber } = background;
  const silence = new AbortController();
  const timer = setTimeout(() => silence.abort(), SILENCE_MS);
  try {
    for await (const update of background.updates({ signal: AbortSignal.any([signal, silence.signal]) })) {
      timer.refresh();
      await telling.update(update, background.toJSON());
    }
    return true;
  } catch (error) {
    signal.throwIfAborted();
    if (silence.signal.aborted) return true;
    if (!(error instanceof AgentError)) throw error;
    return background.id !== id || background.sequenceNumber !== sequenceNumber;
  } finally {
    clearTimeout(timer);
  }
}

/** Longer while nothing changes, and never all at the same moment. */
function pauseMs(pauses: number, retryAfterMs: number | null): number {
  const grown = Math.min(FIRST_PAUSE_MS * 1.5 ** pauses, LONGEST_PAUSE_MS);
  return Math.round(Math.max(grown * (0.8 + 0.4 * Math.random()), retryAfterMs ?? 0));
}
