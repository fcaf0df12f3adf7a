// A long report: started, polled now and then, delivered. No connection stays open in between. Run: npx -y pnpm@12
// --filter 05-background-responses demo or with your own request: "Write a report on Haskell."
import { reportErrors, scriptArguments } from '@turnstream/config';
import { inShort } from './in-short.ts';
import { waitWithProgress } from './progress-line.ts';
import { QUESTION, reportAgent } from './report-agent.ts';
import { reportModel } from './report-model.ts';

reportErrors();
const [question = QUESTION] = scriptArguments();

await using model = await reportModel();
const agent = reportAgent(model.client);
const session = agent.createSession();

console.log(`Q: ${question}`);
const startedAt = performance.now();
const run = await agent.runInBackground(question, { session });
console.log(`   started in ${Math.round(performance.now() - startedAt)} ms, and the connection is closed`);

const answer = await waitWithProgress(run);
console.log(`A: ${inShort(answer.text)}`);
