// The promises of core's ChatClient as one suite, which any implementation runs with one call.
import { describe, test } from 'vitest';
import { type ClientChecks, type ClientTarget, type MakeChatClient, runClientCheck } from './client-check.ts';
import { checksOfAnswers } from './client-checks-of-answers.ts';
import { checksOfFailures } from './client-checks-of-failures.ts';
import { checksOfServiceHistory } from './client-checks-of-service-history.ts';
import { checksOfTools } from './client-checks-of-tools.ts';
import { type ContractOptions, GRACE_MS, within } from './deadline.ts';

/** The checks without service-side history. */
export const chatClientChecks: ClientChecks = { ...checksOfAnswers, ...checksOfTools, ...checksOfFailures };

/** Asking a client what it supports sends no request, so nothing listens here. */
const nowhere: ClientTarget = {
  baseURL: 'http://127.0.0.1:9/v1',
  origin: 'http://127.0.0.1:9',
  model: 'contract-model',
};

export interface ChatClientContractOptions extends ContractOptions {
  /**
   * Checks that the client fails by design, by their sentences, each with the reason. A check that passes after all fails
   * the suite, so the list stays exact.
   */
  readonly exceptions?: Readonly<Record<string, string>>;
}

/** How long a check that must fail may take, in milliseconds: some fail only by waiting. */
const EXCEPTION_DEADLINE_MS = 1_000;

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
  { deadlineMs = 30_000, exceptions = {} }: ChatClientContractOptions = {},
): void {
  const options = { timeout: deadlineMs + GRACE_MS };
  const run = (check: ClientChecks[string], waitMs = deadlineMs): Promise<void> =>
    runClientCheck(check, makeClient, within(waitMs));
  const known = { ...chatClientChecks, ...checksOfServiceHistory };
  for (const sentence of Object.keys(exceptions)) {
    if (!Object.hasOwn(known, sentence)) throw new TypeError(`There is no check ${JSON.stringify(sentence)}.`);
  }
  describe(name, () => {
    for (const [sentence, check] of Object.entries(known)) {
      const reason = exceptions[sentence];
      const title = reason === undefined ? sentence : `differs, because ${reason}: ${sentence}`;
      test(title, options, async () => {
        // Not skipped: in this workspace a skipped test means that a real model is missing.
        if (!Object.hasOwn(chatClientChecks, sentence) && (await makeClient(nowhere)).serviceHistory !== true) return;
        await (reason === undefined ? run(check) : failing(run(check, EXCEPTION_DEADLINE_MS)));
      });
    }
  });
}

/** Rejects when the check passes. */
async function failing(check: Promise<void>): Promise<void> {
  const passes = await check.then(
    () => true,
    () => false,
  );
  if (passes) throw new Error('This check passes. Remove it from the exceptions.');
}
