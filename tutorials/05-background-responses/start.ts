// Starts a report, saves the token to resume it, and exits. Run: npx -y pnpm@12 --filter 05-background-responses start
// or with your own request, and then, as often as you like: resume
import { reportErrors, scriptArguments } from '@turnstream/config';
import { AgentError } from '@turnstream/core';
import { QUESTION, reportAgent } from './report-agent.ts';
import { configuredModel, reportModel } from './report-model.ts';
import { RUN_FILE, saveRun } from './run-file.ts';

reportErrors();
const [question = QUESTION, file = RUN_FILE, at] = scriptArguments();

await using model = at === undefined ? await configuredModel() : await reportModel({ at });
if (model === null) {
  const remedy = 'Set OPENAI_API_KEY in .env, or use quit-and-resume.';
  throw new AgentError('config_invalid', `A demo model would end with this process, and its report with it. ${remedy}`);
}
const agent = reportAgent(model.client);
const session = agent.createSession();

const run = await agent.runInBackground(question, { session });
await saveRun({ run, session }, file);
console.log(`Q: ${question}\n   ${run.status}; the token is stored, and this process ends`);
