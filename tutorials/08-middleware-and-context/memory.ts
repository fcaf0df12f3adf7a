// Two conversations of one customer, and one of another: the memory is in the middleware, not in the session.
// Run: npx -y pnpm@12 --filter 08-middleware-and-context memory
import { chatClientFromEnv, reportErrors } from '@turnstream/config';
import { Agent, contextProvider } from '@turnstream/core';
import { CustomerMemory } from './customer-memory.ts';

reportErrors();
await using model = await chatClientFromEnv();
const agent = new Agent({
  client: model.client,
  instructions: 'You are the chat of a small shop. Be concise.',
  middleware: [contextProvider(new CustomerMemory())],
});

async function ask(customer: string, question: string): Promise<void> {
  const session = agent.createSession(); // a new conversation each time
  session.state['customer'] = customer;
  const { text } = await agent.run(question, { session });
  const turns = await agent.transcript(session);
  console.log(
    `${customer}, in a new conversation: ${question}\nA: ${text}\n   ${turns.flat().length} messages are stored\n`,
  );
}

await ask('Ann', 'My favorite color is teal.');
await ask('Ann', 'What is my favorite color?');
await ask('Ben', 'What is my favorite color?');
