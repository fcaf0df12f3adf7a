// One conversation in whichever store SESSION_BACKEND names: memory, file, sqlite, postgres or redis.
// Run: SESSION_BACKEND=sqlite node any-store.ts "Remember the word teal."   then ask: "Which word was it?"   or: reset
import { chatClientFromEnv, historyFromEnv, reportErrors, scriptArguments } from '@turnstream/config';
import { statefulAgent } from './stateful-agent.ts';

reportErrors();
const [question = 'Remember the word teal.', sessionId = 'chapter-04'] = scriptArguments();

await using stored = await historyFromEnv();

if (question === 'reset') {
  await stored.history.clear({ sessionId });
  console.log(`${stored.backend}: cleared`);
} else {
  await using model = await chatClientFromEnv();
  const agent = statefulAgent(model.client, stored.history); // the one line
  const session = agent.createSession({ sessionId });

  const answer = await agent.run(question, { session });
  const { turnCount } = await stored.history.load(session, { lastTurns: 0 });
  console.log(`${stored.backend}, turn ${turnCount}\nQ: ${question}\nA: ${answer.text}`);
}
