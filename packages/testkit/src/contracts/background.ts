// The promises of core's BackgroundClient as one suite, which any implementation runs with one call.
import { checksOfLooks } from './background-checks-of-looks.ts';
import { checksOfStreams } from './background-checks-of-streams.ts';
import type { ClientChecks, MakeChatClient } from './client-check.ts';
import { type ChatClientContractOptions, clientSuite } from './client-suite.ts';

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
  options: ChatClientContractOptions = {},
): void {
  clientSuite(name, makeClient, backgroundChecks, options);
}
