// Two kinds of history, one session of each. Mixing them is refused before anything is sent. Run: node both-sides.ts
import { chatClientFromEnv, errorLine, reportErrors } from '@turnstream/config';
import type { Agent, AgentSession } from '@turnstream/core';
import { statefulAgent } from './stateful-agent.ts';

reportErrors();
await using model = await chatClientFromEnv({ api: 'responses' });
const ours = statefulAgent(model.client); // the session keeps its messages
const theirs = statefulAgent(model.client, 'service'); // the service keeps them

const oursFirst = ours.createSession();
await ask(ours, 'Remember the word teal.', oursFirst);
await ask(ours, 'Which word was it?', oursFirst);
await ask(theirs, 'Which word was it?', oursFirst);

const theirsFirst = theirs.createSession();
await ask(theirs, 'Remember the word teal.', theirsFirst);
await ask(theirs, 'Which word was it?', theirsFirst);
await ask(ours, 'Which word was it?', theirsFirst);

async function ask(agent: Agent, question: string, session: AgentSession): Promise<void> {
  const answered = await agent.run(question, { session }).then(({ text }) => text, errorLine);
  console.log(`${agent === ours ? 'ours  ' : 'theirs'}  Q: ${question}\n        A: ${answered}`);
}
