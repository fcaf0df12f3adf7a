// The break is an error, and the third request continues after the last complete turn.
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
  await assert.rejects(Array.fromAsync(chat.ask('How much is it?')));
  await Array.fromAsync(chat.ask('What does it cost?'));

  assert.deepEqual(model.requests[2]?.texts, ['Do you have the boot Nansen?', 'Yes, in 42.', 'What does it cost?']);
}
