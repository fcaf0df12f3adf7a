// An interactive chat: with a prompt on a terminal, line by line from a pipe.
import { createInterface } from 'node:readline/promises';
import type { Agent } from '@turnstream/core';
import { Conversation } from './conversation.ts';
import { Keyboard, type KeyboardOptions } from './keyboard.ts';
import { LineEditor } from './line-editor.ts';
import { historyFile, LineHistory } from './line-history.ts';
import type { Output } from './screen.ts';

export interface ReplStreams {
  /** A terminal gets a prompt; anything else is read to its end. */
  readonly input: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  readonly output: Output;
  readonly errorOutput: Output;
}

export interface ReplOptions {
  /** Whether an empty line leaves, as in the article. */
  readonly leavesAtEmptyLine: boolean;
  readonly streams?: ReplStreams;
  readonly suspend?: KeyboardOptions['suspend'];
}

const PROCESS: ReplStreams = { input: process.stdin, output: process.stdout, errorOutput: process.stderr };

/**
 * Chats until the input ends or somebody leaves. Resolves with the exit code: 1 when the last turn from a pipe failed,
 * else 0. On a terminal a failure was seen, so leaving is not an error.
 */
export async function repl(agent: Agent, options: ReplOptions): Promise<number> {
  const { streams = PROCESS } = options;
  return streams.input.isTTY === true ? onTerminal(agent, streams, options) : fromPipe(agent, streams, options);
}

/** Only the answers are written, so that a pipe carries nothing else. */
async function fromPipe(agent: Agent, streams: ReplStreams, { leavesAtEmptyLine }: ReplOptions): Promise<number> {
  const { input, output, errorOutput } = streams;
  const screen = { output, errorOutput, timings: false };
  const conversation = new Conversation(agent, screen, { label: '', leavesAtEmptyLine });
  using lines = createInterface({ input });
  for await (const line of lines) {
    if (!(await conversation.take(line))) break;
  }
  return conversation.hasFailed ? 1 : 0;
}

async function onTerminal(agent: Agent, streams: ReplStreams, options: ReplOptions): Promise<number> {
  const { input, output, errorOutput } = streams;
  const { leavesAtEmptyLine, suspend } = options;
  const screen = { output, errorOutput, timings: true };
  const conversation = new Conversation(agent, screen, { label: 'A: ', leavesAtEmptyLine });
  const history = new LineHistory(historyFile(), (problem) => errorOutput.write(`${problem}\n`));
  using keyboard = new Keyboard(
    { input, output: errorOutput },
    { onInterrupt: () => conversation.stop(), ...(suspend === undefined ? {} : { suspend }) },
  );
  const editor = new LineEditor({ keyboard, output: errorOutput, prompt: 'Q: ', history });
  const leave = leavesAtEmptyLine ? 'an empty line leaves' : '/quit leaves';
  errorOutput.write(`Multi-turn chat: ${leave}, /help lists the rest.\n`);
  for (;;) {
    errorOutput.write('\n');
    const line = await editor.readLine();
    if (line === null) break;
    if (!(await conversation.take(line))) return 0;
  }
  errorOutput.write('\n');
  return 0;
}
