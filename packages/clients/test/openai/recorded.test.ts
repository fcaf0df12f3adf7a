// What programs ask besides their chats: the list of models, and titles.
import { reply } from '@turnstream/testkit';
import { expect, test } from 'vitest';
import { serve, TOKEN } from '../served.ts';

const headers = { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' };

test('Open WebUI finds the agent in the list of models', async () => {
  await using shop = await serve({ openai: {}, steps: [] });

  const response = await fetch(`${shop.url}/v1/models`, { headers });

  expect(await response.json()).toMatchObject({ object: 'list', data: [{ id: 'shop', object: 'model' }] });
});

test('a title with a length, as Open WebUI asks for by default, is refused by the name of the setting', async () => {
  await using shop = await serve({ openai: {}, steps: [] });
  const messages = [{ role: 'user', content: 'Write a title for: Where is my order?' }];
  const body = { model: 'shop', messages, stream: false, max_completion_tokens: 1000 };

  const response = await fetch(`${shop.url}/v1/chat/completions`, {
    method: 'POST',
    headers,
    body: JSON.stringify(body),
  });

  expect([response.status, await response.json()]).toMatchObject([
    400,
    { error: { code: 'unsupported_parameter', param: 'max_completion_tokens' } },
  ]);
});

test('curl asks without a stream, and gets one JSON object', async () => {
  await using shop = await serve({ openai: {}, steps: [reply('It shipped.'), reply('Tomorrow.')] });
  const ask = async (path: string, body: object): Promise<unknown> =>
    (
      await fetch(shop.url + path, { method: 'POST', headers, body: JSON.stringify({ model: 'shop', ...body }) })
    ).json();

  const answers = [
    await ask('/v1/chat/completions', { messages: [{ role: 'user', content: 'Where is my order?' }] }),
    await ask('/v1/responses', { input: 'When does it arrive?' }),
  ];

  expect(answers).toMatchObject([
    { choices: [{ message: { role: 'assistant', content: 'It shipped.' }, finish_reason: 'stop' }] },
    { status: 'completed', output: [{ type: 'message', content: [{ type: 'output_text', text: 'Tomorrow.' }] }] },
  ]);
});
