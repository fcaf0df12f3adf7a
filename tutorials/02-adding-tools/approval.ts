// A tool that asks first: the run pauses before anything is done, you decide, and the next run goes on from there.
// Run: node approval.ts   and answer y or n; or decide beforehand: node approval.ts approve   node approval.ts reject
import { createInterface } from 'node:readline/promises';
import { chatClientFromEnv, reportErrors } from '@turnstream/config';
import { guardedWeather, runWithConsent } from './consent.ts';
import { showAnswer } from './show-run.ts';
import { visible } from './visible-text.ts';
import { weatherAgent } from './weather-agent.ts';

reportErrors();
const question = 'What is the weather in Paris?';
const decided = process.argv[2];

await using model = await chatClientFromEnv();
const agent = weatherAgent(model.client, { tools: [guardedWeather] });

console.log(`Q: ${question}`);
const answer = await runWithConsent(agent, question, agent.createSession(), async (request) => {
  console.log(`   The model asks for ${request.name}(${visible(request.arguments)})`);
  if (decided !== undefined) return decided === 'approve';
  using terminal = createInterface({ input: process.stdin, output: process.stderr });
  return /^y/i.test(await terminal.question('   Allow it? [y/n] '));
});
showAnswer(answer);
