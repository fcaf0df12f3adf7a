// Follows a run by its events, response after response, and by polls where they end, break off or stay away.
import type { AgentResponseUpdate } from '../message/update.ts';
import type { ReadEvents } from './events.ts';
import { type Polling, pollUntil } from './polling.ts';
import type { BackgroundProgress } from './progress.ts';

/** The updates of the run, tool results included, until it has ended. */
export async function* follow(
  progress: BackgroundProgress<unknown>,
  read: ReadEvents,
  polling: Polling,
): AsyncGenerator<AgentResponseUpdate, undefined> {
  let { responseId } = progress.token;
  for (;;) {
    const hasMovedOn = (): boolean => progress.trail.after(responseId) !== null;
    const isSettled = (): boolean => progress.outcome !== null || hasMovedOn();
    const isCut = yield* read(responseId);
    if (!isSettled()) await pollUntil(() => isCut || isSettled(), progress, polling);
    yield* progress.trail.take(responseId);
    if (progress.outcome !== null && !hasMovedOn()) return;
    responseId = progress.trail.after(responseId) ?? responseId;
  }
}
