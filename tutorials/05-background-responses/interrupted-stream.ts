// Watches a background run: leaves the stream in the middle, and another handle resumes after the last event.
// Run: npx -y pnpm@12 --filter 05-background-responses interrupted-stream
import { reportErrors } from '@turnstream/config';
import { reportAgent } from './report-agent.ts';
import { reportModel } from './report-model.ts';

reportErrors();
await using model = await reportModel();
const agent = reportAgent(model.client);
const session = agent.createSession();

const run = await agent.runInBackground('What is Python?', { session, stream: true });
let shown = '';
for await (const update of run.updates()) {
  process.stdout.write(update.text);
  shown += update.text;
  if (shown.length > 80) break;
}
const stored = JSON.stringify(run);
console.log(`\n   [left after event ${run.sequenceNumber}; the token has ${stored.length} characters]`);

const resumed = agent.resumeBackground(JSON.parse(stored), { session });
for await (const update of resumed.updates()) {
  process.stdout.write(update.text);
  shown += update.text;
}
const answer = await resumed.wait();
console.log(`\n   no gaps and no repeats: ${shown === answer.text}`);
