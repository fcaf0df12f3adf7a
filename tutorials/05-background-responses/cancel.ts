// Cancels a report at the service, which then bills no further words. Run: npx -y pnpm@12 --filter
// 05-background-responses cancel
import { reportErrors } from '@turnstream/config';
import { QUESTION, reportAgent } from './report-agent.ts';
import { reportModel } from './report-model.ts';

reportErrors();
await using model = await reportModel();
const agent = reportAgent(model.client);
const session = agent.createSession();

const run = await agent.runInBackground(QUESTION, { session });
console.log(`Q: ${QUESTION}\n   ${run.status}`);

await run.cancel();
const answer = await run.wait();
console.log(`   ${answer.status}`);

const next = await agent.run('How many messages do you see?', { session });
console.log(`Q: How many messages do you see?\nA: ${next.text}`);
