// Nothing of Ada's may be anywhere in Bob's request.
import assert from 'node:assert/strict';
import { reply, serveModel } from '@turnstream/testkit';

/** A chat for many customers, with the model at `baseURL`. */
export type OpenChat = (baseURL: string) => { ask(customer: string, question: string): Promise<string> };

export async function test(open: OpenChat): Promise<void> {
  await using model = await serveModel(reply('Noted.'), reply('It is on its way.'));
  const chat = open(model.baseURL);

  await chat.ask('ada', 'I live at 12 Harbour Lane.');
  await chat.ask('bob', 'Where is my order?');

  const sent = JSON.stringify(model.requests[1]?.body);
  assert.equal(sent.includes('Harbour Lane'), false);
}
