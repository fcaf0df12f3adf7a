// Two ways to continue a conversation: the server stores it and its id is enough, or the caller stores it and sends it
// along. Run: npx -y pnpm@12 --filter 06-serving-streams own-history
import { chatClientFromEnv, reportErrors } from '@turnstream/config';
import { type ChatOptions, streamChat } from '@turnstream/server/client';
import { serveAgent } from './serve-agent.ts';

reportErrors();
await using model = await chatClientFromEnv({ api: 'responses' });
await using served = await serveAgent(model.client);

const question = 'What is Python in one line?';
const first = await ask(question);
console.log(`Q: ${question}\nA: ${first.answer}`);

const next = 'How old is it? Answer with a year only.';
const history = [
  { role: 'user', content: question },
  { role: 'assistant', content: first.answer },
] as const;
console.log(`Q: ${next}`);
console.log(`A, with the id of the session: ${(await ask(next, { sessionId: first.sessionId })).answer}`);
console.log(`A, with the history: ${(await ask(next, { history })).answer}`);
console.log(`A, with neither: ${(await ask(next)).answer}`);

interface Before {
  readonly sessionId?: string | undefined;
  readonly history?: ChatOptions['history'];
}

async function ask(message: string, before: Before = {}): Promise<{ answer: string; sessionId: string | undefined }> {
  let answer = '';
  let sessionId: string | undefined;
  for await (const event of streamChat({ ...served, message, ...before })) {
    if (event.type === 'session') sessionId = event.sessionId ?? undefined;
    else if (event.type === 'update') answer += event.text;
  }
  return { answer, sessionId };
}
