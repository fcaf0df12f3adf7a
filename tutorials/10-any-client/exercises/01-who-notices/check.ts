import { exercise, predicted } from '@turnstream/learn/check';
import { reply, stallAfter } from '@turnstream/testkit';
import OpenAI from 'openai';
import type { Ask } from '../../clients/ask.ts';
import { openai } from '../../clients/openai.ts';
import { ours as streamChat } from '../../clients/ours.ts';
import { useChat } from '../../clients/use-chat.ts';
import { openCutProxy } from '../../cut-proxy.ts';
import { openShop } from '../../shop.ts';
import type * as Problem from './problem.ts';

const stuck = reply(['You get your money back ', 'never.'], { fault: stallAfter({ chunks: 1 }) });

const openaiHelper: Ask = async ({ url, token, question, onText = () => {} }) => {
  const client = new OpenAI({ baseURL: `${url}/v1`, apiKey: token });
  const stream = client.chat.completions.stream({ model: 'shop', messages: [{ role: 'user', content: question }] });
  stream.on('content', onText);
  return (await stream.finalContent()) ?? '';
};

export const check = exercise<typeof Problem>(async ({ load, model }) => {
  const { ours, openaiLoop, openaiHelper: helper, page } = await load('ours', 'openaiLoop', 'openaiHelper', 'page');

  const happened = {
    ours: await believes(streamChat),
    openaiLoop: await believes(openai),
    openaiHelper: await believes(openaiHelper),
    page: await believes(useChat),
  };

  predicted({ ours, openaiLoop, openaiHelper: helper, page }, happened);

  async function believes(ask: Ask): Promise<Problem.Belief> {
    await using shop = await openShop((await model(stuck)).client);
    await using proxy = await openCutProxy(shop.url);
    const asking = ask({ ...shop, url: proxy.url, question: 'Can I return it?', onText: () => proxy.cut() });
    return await asking.then(
      () => 'a whole answer' as const,
      () => 'an error' as const,
    );
  }
});
