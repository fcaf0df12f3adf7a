// A long conversation, kept short on its way to the model: three strategies on the same history.
// Run: npx -y pnpm@12 --filter 08-middleware-and-context long-talk
import { chatClientFromEnv, reportErrors } from '@turnstream/config';
import {
  Agent,
  type Compact,
  compactInOrder,
  dropToolResults,
  fitTokens,
  keepLastTurns,
  MemoryHistory,
} from '@turnstream/core';

reportErrors();
await using model = await chatClientFromEnv();
const provider = new MemoryHistory();

async function askWith(name: string, compact: Compact): Promise<void> {
  let sent = 0;
  const counted: Compact = async (messages, context) => {
    const left = await compact(messages, context);
    sent = left.length;
    return left;
  };
  const agent = new Agent({ client: model.client, history: { provider, compact: counted } });
  const session = agent.createSession({ sessionId: 'ann' });
  const { text } = await agent.run('Which word was it?', { session });
  const stored = (await agent.transcript(session)).flat().length;
  await agent.rewind(session);
  console.log(`${name}: ${sent} of ${stored - 2} earlier messages were sent\nA: ${text}\n`);
}

const agent = new Agent({ client: model.client, history: provider });
const session = agent.createSession({ sessionId: 'ann' });
for (const line of ['Remember the word teal.', 'What is Rust?', 'What is Go?', 'What is Java?', 'What is Ruby?']) {
  await agent.run(line, { session });
}

await askWith('all of it', (messages) => messages);
await askWith('keepLastTurns(2)', keepLastTurns(2));
await askWith('a budget of 60 tokens', compactInOrder(dropToolResults(), fitTokens({ maxTokens: 60 })));
