// An answer breaks off after its first words, in three ways. Which client notices?
// Run: npx -y pnpm@12 --filter 10-any-client ends
import { reportErrors } from '@turnstream/config';
import { OpenAIResponsesClient } from '@turnstream/openai';
import { reply, resetAfter, type Step, serveModel, stallAfter } from '@turnstream/testkit';
import type { Ask } from './clients/ask.ts';
import { CLIENTS } from './clients.ts';
import { openCutProxy } from './cut-proxy.ts';
import { openShop, type Shop } from './shop.ts';

reportErrors();

const words = ['You get your money back ', 'only for an unopened parcel.'];
const broken = reply(words, { fault: resetAfter({ chunks: 1 }) });
const stuck = reply(words, { fault: stallAfter({ chunks: 1 }) });

/** Each opens a shop, has it asked, and breaks the answer off once its first words have arrived. */
const ENDS: Readonly<Record<string, (ask: Ask) => Promise<string>>> = {
  'the model fails': (ask) => inShop(broken, (shop) => ask({ ...shop, question: 'Can I return it?' })),
  'a proxy ends it': (ask) =>
    inShop(stuck, async (shop) => {
      await using proxy = await openCutProxy(shop.url);
      return await ask({ ...shop, url: proxy.url, question: 'Can I return it?', onText: () => proxy.cut() });
    }),
  'the server dies': (ask) =>
    inShop(stuck, (shop) => ask({ ...shop, question: 'Can I return it?', onText: () => shop.die() })),
};

// The client of AG-UI leaves the rejection of its own cleanup to nobody; Node would end the process.
process.on('unhandledRejection', () => {});

console.log(`The answer is "${words.join('')}" Its first words arrive, and then:\n`);
console.log(row('', ...Object.keys(ENDS)));
for (const [name, ask] of Object.entries(CLIENTS)) {
  const cells: string[] = [];
  for (const end of Object.values(ENDS)) cells.push(await outcome(end(ask)));
  console.log(row(name, ...cells));
}

async function inShop(step: Step, use: (shop: Shop) => Promise<string>): Promise<string> {
  await using model = await serveModel(step);
  const client = new OpenAIResponsesClient({ model: 'scripted', apiKey: 'none', baseURL: model.baseURL });
  await using shop = await openShop(client);
  return await use(shop);
}

function outcome(asking: Promise<string>): Promise<string> {
  return asking.then(
    (answer) => `"${answer}"`,
    () => 'an error',
  );
}

function row(name: string, ...cells: readonly string[]): string {
  return [name.padEnd(11), ...cells.map((cell) => cell.padEnd(28))].join(' ').trimEnd();
}
