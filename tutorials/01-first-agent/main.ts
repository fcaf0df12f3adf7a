// One question, one whole answer.
// Run: node main.ts   or with a question of yours: node main.ts "Why is the sky blue?"
import { chatClientFromEnv, reportErrors } from '@turnstream/config';
import { firstAgent } from './first-agent.ts';

reportErrors();
const question = process.argv[2] ?? 'What is the capital of France?';

await using model = await chatClientFromEnv();
const agent = firstAgent(model.client);

console.log(`Q: ${question}`);
const answer = await agent.run(question);
console.log(`A: ${answer.text}`);
