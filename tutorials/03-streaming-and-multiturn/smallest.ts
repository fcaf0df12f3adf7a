// The smallest chat: words as they arrive, and a second turn that knows the first. Run: npx -y pnpm@12 --filter
// 03-streaming-and-multiturn smallest
import { chatClientFromEnv, reportErrors } from '@turnstream/config';
import { Agent } from '@turnstream/core';

reportErrors();
await using model = await chatClientFromEnv();
const agent = new Agent({ client: model.client, instructions: 'Keep answers to one short paragraph.' });
const session = agent.createSession();

for (const question of ['What is Python in one line?', 'How old is it? Answer with a year only.']) {
  for await (const update of agent.runStreaming(question, { session })) process.stdout.write(update.text);
  process.stdout.write('\n');
}
