// One agent, and five clients that ask it the same.
// Run: npx -y pnpm@12 --filter 10-any-client demo
import { chatClientFromEnv, reportErrors } from '@turnstream/config';
import { CLIENTS } from './clients.ts';
import { openShop } from './shop.ts';

reportErrors();
await using model = await chatClientFromEnv();
await using shop = await openShop(model.client);
const question = 'Where is order A7?';

console.log(`Q: ${question}\n`);
for (const [name, ask] of Object.entries(CLIENTS)) {
  console.log(`${name.padEnd(11)} ${await ask({ ...shop, question })}`);
}
