// Removes the last turn and continues the conversation without it. Then continues from an earlier turn.
// Run: node undo.ts
import { chatClientFromEnv, reportErrors } from '@turnstream/config';
import { textOf } from '@turnstream/core';
import { statefulAgent } from './stateful-agent.ts';

reportErrors();
await using model = await chatClientFromEnv();
const agent = statefulAgent(model.client);
const session = agent.createSession();

await ask('Remember the word teal.');
await ask('Remember the word taupe.');
await ask('Which word was it?');

await agent.rewind(session, { toTurn: 1 });
await ask('Which word was it?');

const [turn = []] = await agent.rewind(session);
console.log(`\nremoved: ${turn.map(textOf).join(' ')}`);
console.log(`left: ${(await agent.transcript(session)).flat().map(textOf).join(' ')}`);

async function ask(question: string): Promise<void> {
  const { text } = await agent.run(question, { session });
  console.log(`Q: ${question}\nA: ${text}`);
}
