// A tool call in the middle of a stream: what each update carries, and what becomes of the fragments.
// Run: node tool-mid-stream.ts
import { chatClientFromEnv, reportErrors } from '@turnstream/config';
import { Agent } from '@turnstream/core';
import { CallArguments } from './call-arguments.ts';
import { INSTRUCTIONS } from './chat.ts';
import { AnswerPrinter } from './print-answer.ts';
import { terminal } from './screen.ts';
import { linesOf } from './update-lines.ts';
import { weatherTool } from './weather-tool.ts';

reportErrors();
const question = 'What is the weather in Paris and in Tokyo?';

await using model = await chatClientFromEnv();
const agent = new Agent({ client: model.client, instructions: INSTRUCTIONS, name: 'chat-agent', tools: [weatherTool] });

console.log(`Q: ${question}\n`);
const received = new CallArguments();
for await (const update of agent.runStreaming(question)) {
  for (const line of linesOf(update)) console.log(line);
  received.add(update);
}

console.log(`\nas they came:  ${received.asTheyCame}`);
for (const [callId, whole] of received.byCall) console.log(`by call id:    ${callId} ${whole}`);

process.stdout.write('\nThe same, printed as in the chat: ');
using printer = new AnswerPrinter(terminal);
for await (const update of agent.runStreaming(question)) printer.print(update);
printer.end();
