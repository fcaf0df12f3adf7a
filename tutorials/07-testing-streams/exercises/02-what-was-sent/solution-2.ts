// Part by part: the messages exactly, and the instructions by what they must not contain.
import assert from 'node:assert/strict';
import { reply, serveModel } from '@turnstream/testkit';

/** A chat for many customers, with the model at `baseURL`. */
export type OpenChat = (baseURL: string) => { ask(customer: string, question: string): Promise<string> };

export async function test(open: OpenChat): Promise<void> {
  await using model = await serveModel(reply('Noted.'), reply('It is on its way.'));
  const chat = open(model.baseURL);

  await chat.ask('ada', 'I live at 12 Harbour Lane.');
  await chat.ask('bob', 'Where is my order?');

  const [, request] = model.requests;
  assert.deepEqual(request?.texts, ['Where is my order?']);
  assert.doesNotMatch(request?.instructions ?? '', /Harbour Lane/);
}
