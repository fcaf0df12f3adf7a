// Starts a report, saves the token to resume it, and exits. Run: npx -y pnpm@12 --filter 05-background-responses start
// then, as often as you like: resume
import { reportErrors } from '@turnstream/config';
import { QUESTION, reportAgent } from './report-agent.ts';
import { reportModel } from './report-model.ts';
import { RUN_FILE, saveRun } from './run-file.ts';

reportErrors();
const [file = RUN_FILE, at] = process.argv.slice(2);

await using model = await reportModel({ at });
const agent = reportAgent(model.client);
const session = agent.createSession();

const run = await agent.runInBackground(QUESTION, { session });
await saveRun({ run, session }, file);
console.log(`Q: ${QUESTION}\n   ${run.status}; the token is stored, and this process ends`);
