// An answer as data: the model looks up the weather and answers in the requested shape. Run: npx -y pnpm@12 --filter
// 02-adding-tools structured
import { chatClientFromEnv, reportErrors } from '@turnstream/config';
import { weatherAgent } from './weather-agent.ts';
import { weatherReport } from './weather-report.ts';

reportErrors();
const question = 'What is the weather in Tokyo?';

await using model = await chatClientFromEnv();
const agent = weatherAgent(model.client);

console.log(`Q: ${question}`);
const { value, text } = await agent.run(question, { output: weatherReport });
console.log(`text:  ${text}`);
console.log('value:', value);
if (value !== undefined)
  console.log(`${value.city}: ${value.celsius} degrees, umbrella: ${value.umbrella ? 'yes' : 'no'}`);
