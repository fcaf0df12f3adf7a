// Both modes on a terminal: each tool call as an indented line, and the answer after `A: `.
import { type AgentResponse, type AgentResponseUpdate, contentsOf } from '@turnstream/core';
import { ToolLog } from './tool-log.ts';

type Write = (text: string) => void;

const toTerminal: Write = (text) => process.stdout.write(text);

/** Shows a complete answer. */
export function showAnswer(answer: AgentResponse<unknown>, write: Write = toTerminal): void {
  for (const line of new ToolLog().add(answer.messages.flatMap(contentsOf))) write(`   ${line}\n`);
  write(`A: ${answer.text}\n`);
}

/** Shows a run as it happens: each call with its result, words as they arrive. */
export async function showUpdates(
  updates: AsyncIterable<Pick<AgentResponseUpdate, 'text' | 'contents'>>,
  write: Write = toTerminal,
): Promise<void> {
  const log = new ToolLog();
  let lineIsOpen = false;
  for await (const { contents, text } of updates) {
    for (const line of log.add(contents)) {
      write(`${lineIsOpen ? '\n' : ''}   ${line}\n`);
      lineIsOpen = false;
    }
    // A model that spoke before its call may begin the answer with a line break.
    const words = lineIsOpen ? text : text.trimStart();
    if (words === '') continue;
    write(lineIsOpen ? words : `A: ${words}`);
    lineIsOpen = true;
  }
  if (lineIsOpen) write('\n');
}
