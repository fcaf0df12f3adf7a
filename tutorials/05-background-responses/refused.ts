// Chat Completions has no background: the agent says so before anything is sent.
// Run: npx -y pnpm@12 --filter 05-background-responses refused
import { chatClientFromEnv, reportErrors } from '@turnstream/config';
import { QUESTION, reportAgent } from './report-agent.ts';

reportErrors();
await using model = await chatClientFromEnv({ api: 'chat_completions' });
await reportAgent(model.client).runInBackground(QUESTION);
