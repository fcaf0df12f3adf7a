// The promises of core's ChatClient as one suite that any implementation runs in a call.
import { describe, test } from 'vitest';
import type { ClientTarget, MakeChatClient } from './client-check.ts';
import { checksOfAnswers } from './client-checks-of-answers.ts';
import { checksOfFailures } from './client-checks-of-failures.ts';
import { checksOfServiceHistory } from './client-checks-of-service-history.ts';

/** A client is asked what it can do without being called, so no one listens here. */
const nowhere: ClientTarget = {
  baseURL: 'http://127.0.0.1:9/v1',
  origin: 'http://127.0.0.1:9',
  model: 'contract-model',
};

/**
 * Registers the suite with vitest. `makeClient` is called for each check, with the address of a model that speaks both
 * APIs; the client it makes must not retry. Checks of service-side history are skipped for clients without it.
 *
 * @example
 * chatClientContract('my client', ({ baseURL, model }) => new MyClient({ baseURL, model, apiKey: 'x', maxRetries: 0 }));
 */
export function chatClientContract(name: string, makeClient: MakeChatClient): void {
  describe(name, () => {
    for (const [sentence, check] of Object.entries({ ...checksOfAnswers, ...checksOfFailures })) {
      test(sentence, () => check(makeClient));
    }
    for (const [sentence, check] of Object.entries(checksOfServiceHistory)) {
      test(sentence, async ({ skip }) => {
        const client = await makeClient(nowhere);
        skip(client.serviceHistory !== true, 'the client leaves the history to the caller');
        await check(makeClient);
      });
    }
  });
}
