// A service whose events are unavailable, so that the worker polls, and a worker whose pauses take no time.
import { type background, httpError, truncateAfter } from '@turnstream/testkit';
import type { ServerStore } from '../../src/store/run-store.ts';

/** OpenAI streams a background response for about five minutes, and then no more. */
export const noStream: ReturnType<typeof httpError> = httpError(400, {
  type: 'invalid_request_error',
  message: 'This response can no longer be streamed.',
});
export const onlyLooks: NonNullable<NonNullable<Parameters<typeof background>[1]>['streams']> = [
  truncateAfter({ frames: 1 }),
  noStream,
  noStream,
];

/** Notes how long the worker would wait between looks, and lets it look at once. */
export function pausesOf({ runs }: ServerStore): number[] {
  const pauses: number[] = [];
  const changed = runs.changed.bind(runs);
  runs.changed = (runId, options) => {
    // The watchdog has its own interval.
    if (options.timeoutMs === 750) return changed(runId, options);
    pauses.push(options.timeoutMs);
    return Promise.resolve();
  };
  return pauses;
}
