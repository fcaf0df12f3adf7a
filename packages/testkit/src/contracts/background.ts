// The promises of core's BackgroundClient as one suite, which any implementation runs with one call.
import { describe, test } from 'vitest';
import { checksOfLooks } from './background-checks-of-looks.ts';
import { checksOfStreams } from './background-checks-of-streams.ts';
import { type ClientChecks, type MakeChatClient, runClientCheck } from './client-check.ts';
import { type ContractOptions, GRACE_MS, within } from './deadline.ts';

export const backgroundChecks: ClientChecks = { ...checksOfLooks, ...checksOfStreams };

/**
 * Registers the suite with vitest, for clients that have a `background`. `makeClient` is called for each check as by
 * `chatClientContract()`; the service behind it speaks the Responses API.
 *
 * @example
 * backgroundContract('my client', ({ baseURL, model }) => new MyClient({ baseURL, model, apiKey: 'x', maxRetries: 0 }));
 */
export function backgroundContract(
  name: string,
  makeClient: MakeChatClient,
  { deadlineMs = 30_000 }: ContractOptions = {},
): void {
  describe(name, () => {
    for (const [sentence, check] of Object.entries(backgroundChecks))
      test(sentence, { timeout: deadlineMs + GRACE_MS }, () => runClientCheck(check, makeClient, within(deadlineMs)));
  });
}
