// Resumes the run that another process started, delivers its answer, and asks one more question on its session.
// Run: npx -y pnpm@12 --filter 05-background-responses resume   after: start
import { reportErrors, scriptArguments } from '@turnstream/config';
import { inShort } from './in-short.ts';
import { waitWithProgress } from './progress-line.ts';
import { reportAgent } from './report-agent.ts';
import { lastingModel } from './report-model.ts';
import { loadRun, RUN_FILE, saveRun } from './run-file.ts';

reportErrors();
const [file = RUN_FILE, at] = scriptArguments();

await using model = await lastingModel({ at });
const agent = reportAgent(model.client);
const { run, session } = await loadRun(agent, file);
console.log('   another process resumes the run');

const answer = await waitWithProgress(run);
await saveRun({ run, session }, file);
console.log(`A: ${inShort(answer.text)}`);

const next = await agent.run('How many messages do you see?', { session });
console.log(`Q: How many messages do you see?\nA: ${next.text}`);
