// Build: a test that cuts the wire in more places than one.
import assert from 'node:assert/strict';
import { reply, serveModel } from '@turnstream/testkit';

/** A chat with the model at `baseURL`. */
export type OpenChat = (baseURL: string) => { ask(question: string): AsyncIterable<{ readonly text: string }> };

const ANSWER = ['Nansen ', 'costs ', '80 euros.'];

export async function test(open: OpenChat): Promise<void> {
  await using model = await serveModel(reply(ANSWER));

  const updates = await Array.fromAsync(open(model.baseURL).ask('How much is the boot?'));

  assert.equal(updates.map(({ text }) => text).join(''), ANSWER.join(''));
}
