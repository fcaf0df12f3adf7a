// A tool in both modes: the model decides whether to call it, the agent runs it, the model reads the result.
// Run: npx -y pnpm@12 --filter 02-adding-tools demo   or with your own question: "Is it raining in Tokyo?"
import { chatClientFromEnv, reportErrors, scriptArguments } from '@turnstream/config';
import { showAnswer, showUpdates } from './show-run.ts';
import { weatherAgent } from './weather-agent.ts';

reportErrors();
const asked = scriptArguments();
const questions = asked.length > 0 ? asked : ['What is the weather in Paris?', 'What is the capital of France?'];

await using model = await chatClientFromEnv();
const agent = weatherAgent(model.client);

for (const question of questions) {
  console.log(`\nQ: ${question}`);
  showAnswer(await agent.run(question));
}

console.log('\nThe same, streamed:');
for (const question of questions) {
  console.log(`\nQ: ${question}`);
  await showUpdates(agent.runStreaming(question));
}
