// The other end of the wire: two turns over HTTP, then a background run that is left in the middle and resumed.
// Run: npx -y pnpm@12 --filter 06-serving-streams consumer
import { chatClientFromEnv, reportErrors } from '@turnstream/config';
import { startRun, streamChat, watchRun } from '@turnstream/server/client';
import { serveAgent } from './serve-agent.ts';

reportErrors();
await using model = await chatClientFromEnv({ api: 'responses' });
await using served = await serveAgent(model.client);

let sessionId: string | undefined;
for (const message of ['What is Python in one line?', 'How old is it? Answer with a year only.']) {
  console.log(`Q: ${message}`);
  process.stdout.write('A: ');
  for await (const event of streamChat({ ...served, message, sessionId })) {
    if (event.type === 'session') sessionId = event.sessionId ?? undefined;
    else if (event.type === 'update') process.stdout.write(event.text);
    else if (event.type === 'done') console.log(`\n   ${event.status}, ${event.usage?.totalTokens ?? 0} tokens`);
  }
}

const run = await startRun(served, { message: 'What is Rust in one line?', sessionId });
console.log(`Q: ${run.message}\n   ${run.state}, and the connection is closed`);
let lastEventId: string | undefined;
for await (const { id, event } of watchRun({ ...served, runId: run.runId })) {
  lastEventId = id;
  if (event.type === 'update') break;
}
console.log(`   left after event ${lastEventId?.split(':')[1]}`);
for await (const { event } of watchRun({ ...served, runId: run.runId, lastEventId })) {
  if (event.type === 'done') console.log(`   resumed there, and ${event.status}`);
}
