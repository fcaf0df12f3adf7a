// A tool that asks first: the run pauses before the tool runs, you decide, and the next run continues. Run: npx -y
// pnpm@12 --filter 02-adding-tools approval and answer y or n; or decide in advance: approval approve, approval reject
import { chatClientFromEnv, reportErrors, scriptArguments } from '@turnstream/config';
import { AgentError } from '@turnstream/core';
import { guardedWeather, runWithConsent } from './consent.ts';
import { showAnswer } from './show-run.ts';
import { visible } from './visible-text.ts';
import { weatherAgent } from './weather-agent.ts';
import { YesOrNo } from './yes-or-no.ts';

reportErrors();
const question = 'What is the weather in Paris?';
const [decided] = scriptArguments();
if (decided !== undefined && decided !== 'approve' && decided !== 'reject') {
  throw new AgentError(
    'config_invalid',
    `${JSON.stringify(decided)} is neither approve nor reject. Leave it out to be asked.`,
  );
}

await using model = await chatClientFromEnv();
const agent = weatherAgent(model.client, { tools: [guardedWeather] });
using person = decided === undefined ? new YesOrNo() : null;

console.log(`Q: ${question}`);
const answer = await runWithConsent(agent, question, agent.createSession(), async (request) => {
  console.log(`   The model asks for ${request.name}(${visible(request.arguments)})`);
  return person === null ? decided === 'approve' : person.ask('   Allow it?');
});
showAnswer(answer);
