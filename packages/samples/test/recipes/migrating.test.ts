// docs/recipes/migrating-*.md: what a program asks the model and shows, before and after.
import { createOpenAI } from '@ai-sdk/openai';
import { callTool, mockModel, reply, type Step } from '@turnstream/testkit';
import { OpenAI } from 'openai';
import { expect, test } from 'vitest';
import * as aiSdk from '../../src/recipes/migrating/from-ai-sdk.ts';
import { main } from '../../src/recipes/migrating/from-maf-python.ts';
import * as openaiSdk from '../../src/recipes/migrating/from-openai.ts';
import { scripted } from './scripted.ts';

const questions = ['Where is order 7?', 'And order 8?'];

/** What was shown, and the texts of each request. */
async function both(
  steps: readonly Step[],
  run: (baseURL: string, write: (text: string) => void) => Promise<void>,
): Promise<unknown> {
  using model = mockModel(...steps);
  let shown = '';
  await run(model.baseURL, (text) => void (shown += text));
  return { shown, sent: model.requests.map(({ texts, instructions }) => ({ texts, instructions })) };
}

test('the chat on the openai SDK and the one on an agent ask and show the same', async () => {
  const steps = [reply(['It is ', 'packed.']), reply('Sent.')];
  const on = (port: typeof openaiSdk.after) => (baseURL: string, write: (text: string) => void) =>
    port(new OpenAI({ apiKey: 'none', baseURL }), questions, write);

  const after = await both(steps, on(openaiSdk.after));

  expect(after).toEqual(await both(steps, on(openaiSdk.before)));
  expect(after).toMatchObject({
    shown: 'It is packed.Sent.',
    sent: [{}, { texts: [questions[0], 'It is packed.', questions[1]] }],
  });
});

test('the agent on streamText and the one on an agent ask, call and show the same', async () => {
  const steps = [callTool('order_status', { order: 7 }), reply('It is packed.'), reply('I cannot know.')];
  const on = (port: typeof aiSdk.after) => (baseURL: string, write: (text: string) => void) =>
    port(createOpenAI({ apiKey: 'none', baseURL }).chat('gpt-4.1-mini'), questions, write);

  const after = await both(steps, on(aiSdk.after));

  expect(after).toEqual(await both(steps, on(aiSdk.before)));
  expect(after).toMatchObject({ shown: 'It is packed.I cannot know.' });
});

test('the port of the Python program streams two turns and answers a third at once', async () => {
  const call = callTool('order_status', { order: 7 });
  await using service = await scripted(call, reply('Packed.'), reply('Packed, too.'), reply('Welcome.'));
  const shown: string[] = [];

  await main(service.client, (text) => shown.push(text));

  expect(shown).toEqual(['Packed.', 'Packed, too.', 'Welcome.']);
  expect(service.model.requests.map(({ body }) => body['stream'] ?? false)).toEqual([true, true, true, false]);
});
