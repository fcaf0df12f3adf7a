// A session without streaming: the second question is understood, but each answer is silence first and then all of it
// at once. Run: node session-only.ts
import { chatClientFromEnv, reportErrors } from '@turnstream/config';
import { Agent } from '@turnstream/core';
import { INSTRUCTIONS } from './chat.ts';

reportErrors();
await using model = await chatClientFromEnv();
const agent = new Agent({ client: model.client, instructions: INSTRUCTIONS, name: 'chat-agent' });
const session = agent.createSession();

for (const question of ['What is Python in one line?', 'How old is it? Answer with a year only.']) {
  console.log(`\nQ: ${question}`);
  const startedAt = performance.now();
  const answer = await agent.run(question, { session });
  console.log(`A: ${answer.text}`);
  console.error(`   silent for ${((performance.now() - startedAt) / 1000).toFixed(1)} s, then everything at once`);
}
