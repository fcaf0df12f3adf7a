// Two calls in one answer of the model: they run at the same time, and their results go back in the order of the calls.
// Run: npx -y pnpm@12 --filter 02-adding-tools parallel
import { chatClientFromEnv, reportErrors } from '@turnstream/config';
import { showUpdates } from './show-run.ts';
import { slowWeather } from './slow-weather.ts';
import { weatherAgent } from './weather-agent.ts';

reportErrors();
const question = 'What is the weather in Paris and in Tokyo?';

await using model = await chatClientFromEnv();
const lookup = slowWeather(400, (step) => console.log(`   ${step}`));
const agent = weatherAgent(model.client, { tools: [lookup] });

console.log(`Q: ${question}`);
await showUpdates(agent.runStreaming(question));
