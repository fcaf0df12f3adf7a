// Registers checks of a client with vitest, and those that it fails by design.
import { describe, test } from 'vitest';
import { type ClientChecks, type MakeChatClient, runClientCheck } from './client-check.ts';
import { type ContractOptions, GRACE_MS, within } from './deadline.ts';

/** Options of `chatClientContract`. */
export interface ChatClientContractOptions extends ContractOptions {
  /**
   * Checks that the client fails by design, by their sentences, each with the reason. A check that passes after all fails
   * the suite, so the list stays exact.
   */
  readonly exceptions?: Readonly<Record<string, string>>;
}

/** How long a check that must fail may take, in milliseconds: some fail only by waiting. */
const EXCEPTION_DEADLINE_MS = 1_000;

/** `applies` says whether a check is one for this client. */
export function clientSuite(
  name: string,
  makeClient: MakeChatClient,
  checks: ClientChecks,
  { deadlineMs = 30_000, exceptions = {} }: ChatClientContractOptions,
  applies: (sentence: string) => Promise<boolean> = async () => true,
): void {
  const run = (check: ClientChecks[string], waitMs: number): Promise<void> =>
    runClientCheck(check, makeClient, within(waitMs));
  for (const sentence of Object.keys(exceptions)) {
    if (!Object.hasOwn(checks, sentence)) throw new TypeError(`There is no check ${JSON.stringify(sentence)}.`);
  }
  describe(name, () => {
    for (const [sentence, check] of Object.entries(checks)) {
      const reason = exceptions[sentence];
      const title = reason === undefined ? sentence : `differs, because ${reason}: ${sentence}`;
      test(title, { timeout: deadlineMs + GRACE_MS }, async () => {
        // Not skipped: in this workspace a skipped test means that a real model is missing.
        if (!(await applies(sentence))) return;
        await (reason === undefined ? run(check, deadlineMs) : failing(run(check, EXCEPTION_DEADLINE_MS)));
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
