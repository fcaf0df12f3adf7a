// The same questions through the agent or through a hand-written loop: the output is the same. Run: npx -y pnpm@12
// --filter 02-adding-tools either and again with MAF_NATIVE_EXECUTION=false in the environment or in .env
import { chatClientFromEnv, isNativeExecution, reportErrors, sdkFromEnv } from '@turnstream/config';
import { answerByHand } from './loop-by-hand.ts';
import { showUpdates } from './show-run.ts';
import { weatherAgent } from './weather-agent.ts';

reportErrors();
const questions = ['What is the weather in Paris and in Tokyo?', 'What is the capital of France?'];

await using model = isNativeExecution() ? await chatClientFromEnv() : await sdkFromEnv();

for (const question of questions) {
  console.log(`\nQ: ${question}`);
  const updates = 'openai' in model ? answerByHand(model, question) : weatherAgent(model.client).runStreaming(question);
  await showUpdates(updates);
}
