// Two turns, one session, words as they arrive. Run: node main.ts "What is Python in one line?" "How old is it? Answer
// with a year only." Or, to type: node main.ts
import { chatClientFromEnv, reportErrors } from '@turnstream/config';
import { Agent } from '@turnstream/core';
import { chat, INSTRUCTIONS } from './chat.ts';
import { readCommandLine } from './terminal/command-line.ts';
import { repl } from './terminal/repl.ts';

reportErrors();
const { questions, leavesAtEmptyLine } = readCommandLine(process.argv.slice(2));

await using model = await chatClientFromEnv();
const agent = new Agent({ client: model.client, instructions: INSTRUCTIONS, name: 'chat-agent' });

if (questions.length === 0) {
  process.exitCode = await repl(agent, { leavesAtEmptyLine });
} else {
  await chat(agent, questions);
  process.stderr.write(`
Each request carried the turns before it. What to try next, at the root of the repository:
  npx -y pnpm@12 start --chat                                        type your own questions
  npx -y pnpm@12 --filter 03-streaming-and-multiturn streaming-only  the same without a session
  npx -y pnpm@12 --filter 03-streaming-and-multiturn session-only    the same without streaming
`);
}
