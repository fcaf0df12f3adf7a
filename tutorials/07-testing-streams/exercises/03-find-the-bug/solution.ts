// Compares the exact pieces, apart from updates without text.
import assert from 'node:assert/strict';
import { reply, serveModel } from '@turnstream/testkit';

/** A chat with the model at `baseURL`. */
export type OpenChat = (baseURL: string) => { ask(question: string): AsyncIterable<{ readonly text: string }> };

export async function test(open: OpenChat): Promise<void> {
  await using model = await serveModel(reply(['In size 42 ', 'it costs ', '80 euros.']));
  const chat = open(model.baseURL);

  const updates = await Array.fromAsync(chat.ask('How much is the boot Nansen?'));

  const pieces = updates.map(({ text }) => text).filter((text) => text !== '');
  assert.deepEqual(pieces, ['In size 42 ', 'it costs ', '80 euros.']);
}
