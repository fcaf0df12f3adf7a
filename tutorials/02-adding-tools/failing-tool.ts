// A tool that throws: the model reads that it failed and still answers; the error itself never leaves the program.
// Run: npx -y pnpm@12 --filter 02-adding-tools failing
import { chatClientFromEnv, reportErrors } from '@turnstream/config';
import { brokenWeather } from './broken-weather.ts';
import { showAnswer } from './show-run.ts';
import { weatherAgent } from './weather-agent.ts';

reportErrors();
const question = 'What is the weather in Paris?';

await using model = await chatClientFromEnv();
const agent = weatherAgent(model.client, {
  tools: [brokenWeather],
  onToolError: (error, call) => console.error(`   ${call.name} threw: ${String(error)}`),
});

console.log(`Q: ${question}`);
showAnswer(await agent.run(question));
