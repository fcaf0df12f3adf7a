// Streaming without a session: words arrive at once, but nothing says what "it" means in the second question.
// Run: node streaming-only.ts
import { chatClientFromEnv, reportErrors } from '@turnstream/config';
import { Agent } from '@turnstream/core';
import { INSTRUCTIONS } from './chat.ts';
import { AnswerPrinter } from './terminal/print-answer.ts';
import { terminal } from './terminal/screen.ts';

reportErrors();
await using model = await chatClientFromEnv();
const agent = new Agent({ client: model.client, instructions: INSTRUCTIONS, name: 'chat-agent' });

for (const question of ['What is Python in one line?', 'How old is it? Answer with a year only.']) {
  console.log(`\nQ: ${question}`);
  process.stdout.write('A: ');
  using printer = new AnswerPrinter(terminal);
  for await (const update of agent.runStreaming(question)) printer.print(update);
  printer.end();
}
