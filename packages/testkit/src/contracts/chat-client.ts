// The promises of core's ChatClient as one suite, which any implementation runs with one call.
import type { ClientChecks, ClientTarget, MakeChatClient } from './client-check.ts';
import { checksOfAnswers } from './client-checks-of-answers.ts';
import { checksOfFailures } from './client-checks-of-failures.ts';
import { checksOfServiceHistory } from './client-checks-of-service-history.ts';
import { checksOfTools } from './client-checks-of-tools.ts';
import { type ChatClientContractOptions, clientSuite } from './client-suite.ts';

/** The checks without service-side history. */
export const chatClientChecks: ClientChecks = { ...checksOfAnswers, ...checksOfTools, ...checksOfFailures };

/** Asking a client what it supports sends no request, so nothing listens here. */
const nowhere: ClientTarget = {
  baseURL: 'http://127.0.0.1:9/v1',
  origin: 'http://127.0.0.1:9',
  model: 'contract-model',
};

/**
 * Registers the suite with vitest. `makeClient` is called for each check, with the address of a model that speaks both
 * APIs; the client it makes must not retry. A client that does not offer service-side history skips those checks.
 *
 * @example
 * chatClientContract('my client', ({ baseURL, model }) => new MyClient({ baseURL, model, apiKey: 'x', maxRetries: 0 }));
 */
export function chatClientContract(
  name: string,
  makeClient: MakeChatClient,
  options: ChatClientContractOptions = {},
): void {
  const known = { ...chatClientChecks, ...checksOfServiceHistory };
  clientSuite(name, makeClient, known, options, async (sentence) => {
    return Object.hasOwn(chatClientChecks, sentence) || (await makeClient(nowhere)).serviceHistory === true;
  });
}
