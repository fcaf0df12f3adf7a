// Fix: this test passes for any request of Bob.
import assert from 'node:assert/strict';
import { reply, serveModel } from '@turnstream/testkit';

/** A chat for many customers, with the model at `baseURL`. */
export type OpenChat = (baseURL: string) => { ask(customer: string, question: string): Promise<string> };

export async function test(open: OpenChat): Promise<void> {
  await using model = await serveModel(reply('Noted.'), reply('It is on its way.'));
  const chat = open(model.baseURL);

  await chat.ask('ada', 'I live at 12 Harbour Lane.');
  const answer = await chat.ask('bob', 'Where is my order?');

  assert.equal(answer.includes('Harbour Lane'), false);
}
