// A tool call in the middle of a stream: what each update carries, and how to join the fragments. Run: node
// tool-mid-stream.ts
import { chatClientFromEnv, reportErrors } from '@turnstream/config';
import { Agent } from '@turnstream/core';
import { CallArguments } from './call-arguments.ts';
import { AnswerPrinter } from './terminal/print-answer.ts';
import { terminal } from './terminal/screen.ts';
import { UpdateLines } from './update-lines.ts';
import { weatherTool } from './weather-tool.ts';

reportErrors();
const question = 'What is the weather in Paris and in Tokyo?';
const instructions = 'Before you call a tool, say in a few words what you look up.';

await using model = await chatClientFromEnv();
const agent = new Agent({ client: model.client, instructions, name: 'chat-agent', tools: [weatherTool] });

console.log(`Q: ${question}\n`);
const shown = new UpdateLines();
const received = new CallArguments();
for await (const update of agent.runStreaming(question)) {
  for (const line of shown.of(update)) console.log(line);
  received.add(update);
}

console.log(`\nas they came: ${received.asTheyCame}`);
for (const whole of received.byCall.values()) console.log(`by call id:   ${whole}`);

process.stdout.write('\nThe same, printed as in the chat:\nA: ');
using printer = new AnswerPrinter(terminal);
for await (const update of agent.runStreaming(question)) printer.print(update);
printer.end();
