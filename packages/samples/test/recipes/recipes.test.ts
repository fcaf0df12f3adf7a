// The recipes that need no server of their own: images, structured output, Azure, Ollama.
import { Agent } from '@turnstream/core';
import { mockModel, rawReply, reply } from '@turnstream/testkit';
import { expect, test } from 'vitest';
import { withEntraId, withKey, withResponses } from '../../src/recipes/azure.ts';
import { answerPhoto, askAboutUrl } from '../../src/recipes/images.ts';
import { localAgent } from '../../src/recipes/ollama.ts';
import { ticketOf, watchTicket } from '../../src/recipes/structured-output.ts';
import { scripted } from './scripted.ts';

function upload(photo: File): Request {
  const body = new FormData();
  body.set('question', 'What is broken?');
  body.set('photo', photo);
  return new Request('http://shop.test/photo', { method: 'POST', body });
}

test('an uploaded photo reaches the model with its type and bytes', async () => {
  await using service = await scripted(reply('The handle.'));
  const agent = new Agent({ client: service.client });

  const response = await answerPhoto(
    agent,
    upload(new File([Uint8Array.of(1, 2, 3)], 'cup.png', { type: 'image/png' })),
  );

  expect(await response.json()).toEqual({ text: 'The handle.' });
  expect(service.model.requests[0]!.texts).toEqual(['What is broken?']);
  expect(service.model.requests[0]!.messages[0]!.images).toEqual([{ mediaType: 'image/png', bytes: 3 }]);
});

test('a file that is not an image is refused before the model is asked', async () => {
  await using service = await scripted();
  const agent = new Agent({ client: service.client });

  const { status } = await answerPhoto(agent, upload(new File(['#!/bin/sh'], 'cup.sh', { type: 'text/x-sh' })));

  expect(status).toBe(400);
});

test('an image at an address is sent as that address', async () => {
  await using service = await scripted(reply('A cup.'));

  const text = await askAboutUrl(new Agent({ client: service.client }), 'What is it?', 'https://shop.test/cup.jpg');

  expect(text).toBe('A cup.');
  const parts = [{ type: 'input_text' }, { type: 'input_image', image_url: 'https://shop.test/cup.jpg' }];
  expect(service.model.requests[0]!.body).toMatchObject({ input: [{ content: parts }] });
});

const ticket = { order: 7, topic: 'delivery', summary: 'Where is it?' } as const;
const json = JSON.stringify(ticket);

test('a message becomes a ticket that the schema has checked', async () => {
  await using service = await scripted(reply(json));

  expect(await ticketOf(new Agent({ client: service.client }), 'Where is order 7?')).toEqual(ticket);
});

test('a ticket grows while it streams', async () => {
  await using service = await scripted(reply([json.slice(0, 25), json.slice(25)]));
  const seen: unknown[] = [];

  const whole = await watchTicket(new Agent({ client: service.client }), 'Where is order 7?', (part) =>
    seen.push(part),
  );

  expect([seen[0], whole]).toEqual([{ order: 7, topic: 'deliv' }, ticket]);
});

const deployment = 'shop-mini';

test.each([
  ['a key', withKey, 'secret', '/openai/deployments/shop-mini/chat/completions', { 'api-key': 'secret' }],
  ['Responses', withResponses, 'secret', '/openai/v1/responses', { authorization: 'Bearer secret' }],
])('Azure with %s is asked at its own path', async (_name, connect, key, path, headers) => {
  using model = mockModel(reply('Hello.'));

  const { text } = await new Agent({ client: connect({ endpoint: model.origin, deployment }, key) }).run('Hello?');

  expect(text).toBe('Hello.');
  expect(model.requests[0]).toMatchObject({ path: expect.stringContaining(path), headers });
});

test('Azure with Entra ID fetches a token for each call', async () => {
  using model = mockModel(reply('One.'), reply('Two.'));
  let fetched = 0;
  const client = withEntraId({ endpoint: model.origin, deployment }, async () => `token-${(fetched += 1)}`);
  const agent = new Agent({ client });

  await agent.run('One?');
  await agent.run('Two?');

  expect(model.requests.map(({ headers }) => headers['authorization'])).toEqual(['Bearer token-1', 'Bearer token-2']);
});

/** As Ollama writes it: thinking in `reasoning`, its fingerprint, and an end mark. */
function ollamaStream(): string {
  const chunk = (delta: object, finish: string | null = null): string => {
    const choices = [{ index: 0, delta, finish_reason: finish }];
    const frame = { id: 'chatcmpl-311', object: 'chat.completion.chunk', created: 1, model: 'qwen3', choices };
    return `data: ${JSON.stringify({ ...frame, system_fingerprint: 'fp_ollama' })}\n\n`;
  };
  return [
    chunk({ role: 'assistant', content: '', reasoning: 'An order.' }),
    chunk({ role: 'assistant', content: 'Packed.' }),
    chunk({ role: 'assistant', content: '' }, 'stop'),
    'data: [DONE]\n\n',
  ].join('');
}

test('Ollama is asked over Chat Completions, and its thinking is not the answer', async () => {
  using model = mockModel(rawReply({ headers: { 'content-type': 'text/event-stream' }, body: ollamaStream() }));

  const answer = await localAgent('qwen3', model.baseURL).runStreaming('Where is order 7?').finalResponse();

  expect(answer).toMatchObject({ text: 'Packed.', status: 'completed' });
  expect(answer.messages[0]!.contents[0]).toMatchObject({ type: 'text_reasoning', text: 'An order.' });
  expect(model.requests[0]!.body).toMatchObject({ model: 'qwen3', stream: true });
});
