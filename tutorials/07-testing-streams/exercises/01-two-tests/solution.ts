// What happened: the script answers any request; only the request shows what was forgotten.
import assert from 'node:assert/strict';
import { Agent, type ChatClient } from '@turnstream/core';
import { OpenAIResponsesClient } from '@turnstream/openai';
import { reply, serveModel } from '@turnstream/testkit';

/** Does `answerTest` pass on the forgetful chat? */
export const answerTestPasses: boolean | undefined = true;

/** Does `requestTest` pass on it? */
export const requestTestPasses: boolean | undefined = false;

export function openForgetfulChat(client: ChatClient) {
  const agent = new Agent({ client });
  return { ask: (question: string) => agent.run(question, { session: agent.createSession() }) };
}

export async function answerTest(): Promise<void> {
  await using model = await serveModel(reply('Yes, in size 42.'), reply('It costs 80 euros.'));
  const chat = openForgetfulChat(clientOf(model.baseURL));

  await chat.ask('Do you have the boot Nansen?');
  const answer = await chat.ask('How much is it?');

  assert.equal(answer.text, 'It costs 80 euros.');
}

export async function requestTest(): Promise<void> {
  await using model = await serveModel(reply('Yes, in size 42.'), reply('It costs 80 euros.'));
  const chat = openForgetfulChat(clientOf(model.baseURL));

  await chat.ask('Do you have the boot Nansen?');
  await chat.ask('How much is it?');

  const [, second] = model.requests;
  assert.equal(second?.messages.length, 3);
}

function clientOf(baseURL: string): ChatClient {
  return new OpenAIResponsesClient({ model: 'gpt-5', apiKey: 'exercise', baseURL });
}
