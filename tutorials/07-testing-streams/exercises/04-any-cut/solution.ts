// Twenty seeds, each with different cuts; fast-check prints the seed that failed.
import assert from 'node:assert/strict';
import { reply, seeded, serveModel } from '@turnstream/testkit';
import fc from 'fast-check';

/** A chat with the model at `baseURL`. */
export type OpenChat = (baseURL: string) => { ask(question: string): AsyncIterable<{ readonly text: string }> };

const ANSWER = ['Fjällräven ', '登山靴 ', '🥾 ', '80 €.'];

export async function test(open: OpenChat): Promise<void> {
  await fc.assert(
    fc.asyncProperty(fc.nat(), (seed) => reads(open, seed)),
    // By default, fast-check then looks for the smallest seed that fails, which tells you nothing more.
    { numRuns: 20, endOnFailure: true },
  );
}

async function reads(open: OpenChat, seed: number): Promise<void> {
  await using model = await serveModel(reply(ANSWER, { cuts: seeded(seed) }));

  const updates = await Array.fromAsync(open(model.baseURL).ask('How much is the boot?'));

  assert.equal(updates.map(({ text }) => text).join(''), ANSWER.join(''));
}
