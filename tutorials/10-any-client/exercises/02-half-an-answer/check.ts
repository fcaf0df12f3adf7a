import { equal, exercise, expected } from '@turnstream/learn/check';
import { reply } from '@turnstream/testkit';
import OpenAI from 'openai';
import { openShop } from '../../shop.ts';
import type * as Problem from './problem.ts';

const WORDS = ['You get ', 'your money back ', 'only for an unopened parcel.'];

export const check = exercise<typeof Problem>(async ({ load, model }) => {
  const { ask } = await load('ask');
  const { client } = await model(reply(WORDS), reply(WORDS));
  await using shop = await openShop(client);
  const settings = { baseURL: `${shop.url}/v1`, apiKey: shop.token, maxRetries: 0 };
  let wire = '';
  const recording: typeof fetch = async (...args) => {
    const response = await fetch(...args);
    wire = await response.clone().text();
    return response;
  };
  const messages = [{ role: 'user' as const, content: 'Can I return it?' }];
  const recorded = new OpenAI({ ...settings, fetch: recording });
  await Array.fromAsync(await recorded.chat.completions.create({ model: 'shop', messages, stream: true }));

  equal('a whole answer', await ask(new OpenAI(settings), 'Can I return it?'), WORDS.join(''));
  const frames = wire.split(/(?<=\n\n)/);
  const last = frames.findIndex((frame) => frame.includes('"finish_reason":"stop"'));
  for (let sent = last; sent > 0; sent -= 1) {
    const body = frames.slice(0, sent).join('');
    const headers = { 'content-type': 'text/event-stream' };
    const openai = new OpenAI({ ...settings, fetch: async () => new Response(body, { headers }) });
    const read = await ask(openai, 'Can I return it?').catch(() => null);
    expected(
      `an error when the stream ends after ${sent} of ${frames.length} frames`,
      read === null,
      `\`ask\` resolved with "${read}"`,
    );
  }
});
