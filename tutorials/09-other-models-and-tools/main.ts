// One chat, two services: the agent stays, the client changes. Run: npx -y pnpm@12 --filter 09-other-models-and-tools demo
import { chatClientFromEnv, reportErrors } from '@turnstream/config';
import type { ChatClient } from '@turnstream/core';
import { claude } from './claude.ts';
import { startLoopbackClaude } from './loopback-claude.ts';
import { shopChat } from './shop.ts';

reportErrors();
await using model = await chatClientFromEnv();
await using loopback = await startLoopbackClaude();

await ask('OpenAI', model.client);
await ask('Anthropic', claude({ baseURL: loopback.baseURL, apiKey: 'none' }));

const [, second] = loopback.requests;
console.log('\nWhat Anthropic was sent last:');
for (const { role, content } of second?.messages ?? [])
  console.log(`   ${role.padEnd(9)} ${content.map(({ type }) => type).join(', ')}`);

async function ask(service: string, client: ChatClient): Promise<void> {
  process.stdout.write(`\n${service}: `);
  for await (const text of shopChat(client).runStreaming('Is the item Teapot in stock?').textStream)
    process.stdout.write(text);
  process.stdout.write('\n');
}
