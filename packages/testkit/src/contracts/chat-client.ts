// The promises of core's ChatClient as one suite that any implementation runs in a call.
import { describe, test } from 'vitest';
import type { ClientTarget, MakeChatClient } from './client-check.ts';
import { checksOfAnswers } from './client-checks-of-answers.ts';
import { checksOfFailures } from './client-checks-of-failures.ts';
import { checksOfServiceHistory } from './client-checks-of-service-history.ts';
import { checksOfTools } from './client-checks-of-tools.ts';

/** A client is asked what it can do without being called, so no one listens here. */
const nowhere: ClientTarget = {
  baseURL: 'http://127.0.0.1:9/v1',
  origin: 'http://127.0.0.1:9',
  model: 'contract-model',
};

/**
 * Registers the suite with vitest. `makeClient` is called for each check, with the address of a model that speaks both
 * APIs; the client it makes must not retry. A client without service-side history passes its checks by not offering it.
 *
 * @example
 * chatClientContract('my client', ({ baseURL, model }) => new MyClient({ baseURL, model, apiKey: 'x', maxRetries: 0 }));
 */
export function chatClientContract(name: string, makeClient: MakeChatClient): void {
  describe(name, () => {
    for (const [sentence, check] of Object.entries({ ...checksOfAnswers, ...checksOfTools, ...checksOfFailures })) {
      test(sentence, () => check(makeClient));
    }
    for (const [sentence, check] of Object.entries(checksOfServiceHistory)) {
      // Not skipped: in this workspace a skipped test means that a real model is missing.
      test(sentence, async () => {
        const client = await makeClient(nowhere);
        if (client.serviceHistory === true) await check(makeClient);
      });
    }
  });
}
