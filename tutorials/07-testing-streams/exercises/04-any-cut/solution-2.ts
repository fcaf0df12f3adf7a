// One chunk per byte covers every possible cut.
import assert from 'node:assert/strict';
import { everyByte, reply, serveModel } from '@turnstream/testkit';

/** A chat with the model at `baseURL`. */
export type OpenChat = (baseURL: string) => { ask(question: string): AsyncIterable<{ readonly text: string }> };

const ANSWER = ['Fjällräven ', '登山靴 ', '80 €.'];

export async function test(open: OpenChat): Promise<void> {
  await using model = await serveModel(reply(ANSWER, { cuts: everyByte }));

  const updates = await Array.fromAsync(open(model.baseURL).ask('How much is the boot?'));

  assert.equal(updates.map(({ text }) => text).join(''), ANSWER.join(''));
}
