// Starts a report, saves the token to resume it, and exits. Run: npx -y pnpm@12 --filter 05-background-responses start
// or with your own request, and then, as often as you like: resume
import { reportErrors, scriptArguments } from '@turnstream/config';
import { QUESTION, reportAgent } from './report-agent.ts';
import { lastingModel } from './report-model.ts';
import { RUN_FILE, saveRun } from './run-file.ts';

reportErrors();
const [question = QUESTION, file = RUN_FILE, at] = scriptArguments();

await using model = await lastingModel({ at });
const agent = reportAgent(model.client);
const session = agent.createSession();

const run = await agent.runInBackground(question, { session });
await saveRun({ run, session }, file);
console.log(`Q: ${question}\n   ${run.status}; the token is stored, and this process ends`);
