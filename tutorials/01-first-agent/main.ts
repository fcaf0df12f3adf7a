// One question, one whole answer.
// Run: npx -y pnpm@12 --filter 01-first-agent demo   or with your own question: "What is the capital of Japan?"
import { chatClientFromEnv, reportErrors, scriptArguments } from '@turnstream/config';
import { firstAgent } from './first-agent.ts';

reportErrors();
const [question = 'What is the capital of France?'] = scriptArguments();

await using model = await chatClientFromEnv();
const agent = firstAgent(model.client);

console.log(`Q: ${question}`);
const answer = await agent.run(question);
console.log(`A: ${answer.text}`);
