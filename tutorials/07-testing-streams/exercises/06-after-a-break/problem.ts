// Build: a test of what a chat does after a broken answer.
import assert from 'node:assert/strict';
import { reply, serveModel, truncateAfter } from '@turnstream/testkit';

/** A chat with the model at `baseURL`. */
export type OpenChat = (baseURL: string) => { ask(question: string): AsyncIterable<{ readonly text: string }> };

export async function test(open: OpenChat): Promise<void> {
  await using model = await serveModel(
    reply('Yes, in 42.'),
    reply(['It costs ', '80 euros.'], { fault: truncateAfter({ chunks: 1 }) }),
    reply('80 euros.'),
  );
  const chat = open(model.baseURL);

  await Array.fromAsync(chat.ask('Do you have the boot Nansen?'));
  await Array.fromAsync(chat.ask('How much is it?')).catch(() => {});
  await Array.fromAsync(chat.ask('What does it cost?'));

  // TODO: what did the customer get, and what did the model see?
  assert.equal(model.requests.length, 3);
}
