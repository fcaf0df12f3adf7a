// A shop's chat with two pieces of middleware: one changes what goes in, one measures.
// Run: npx -y pnpm@12 --filter 08-middleware-and-context demo
import { chatClientFromEnv, reportErrors } from '@turnstream/config';
import { Agent, textOf } from '@turnstream/core';
import { withoutCardNumbers } from './card-numbers.ts';
import { stopwatch } from './stopwatch.ts';

reportErrors();
await using model = await chatClientFromEnv();
const measured: string[] = [];
const agent = new Agent({
  client: model.client,
  instructions: 'You are the chat of a small shop. Be concise.',
  middleware: [withoutCardNumbers, stopwatch((line) => measured.push(line))],
});
const session = agent.createSession();

for (const question of ['My name is Ann and my card is 4111 1111 1111 1111.', 'What is my name?']) {
  console.log(`\nQ: ${question}`);
  process.stdout.write('A: ');
  for await (const update of agent.runStreaming(question, { session })) process.stdout.write(update.text);
  process.stdout.write('\n');
  for (const line of measured.splice(0)) console.error(`   ${line}`);
}

const [asked] = (await agent.transcript(session)).flat();
if (asked !== undefined) console.log(`\nstored: ${textOf(asked)}`);
