// A chat by hand: with a prompt on a terminal, line by line from a pipe.
import { createInterface, type Interface } from 'node:readline/promises';
import type { Agent } from '@turnstream/core';
import { Conversation } from './conversation.ts';
import type { Output } from './screen.ts';

export interface ReplStreams {
  /** A terminal gets a prompt; anything else is read to its end. */
  readonly input: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  readonly output: Output;
  readonly errorOutput: Output;
}

/** Two presses of Ctrl-C this close together mean: leave. */
const TWICE_MS = 1000;

/** Chats until the input ends. Resolves with the exit code: 0 fine, 1 the last turn failed, 130 left by Ctrl-C. */
export async function repl(
  agent: Agent,
  streams: ReplStreams = { input: process.stdin, output: process.stdout, errorOutput: process.stderr },
): Promise<number> {
  return streams.input.isTTY === true ? onTerminal(agent, streams) : fromPipe(agent, streams);
}

/** Only the answers are written, so that a pipe carries nothing else. */
async function fromPipe(agent: Agent, { input, output, errorOutput }: ReplStreams): Promise<number> {
  const conversation = new Conversation(agent, { output, errorOutput, timings: false }, '');
  using lines = createInterface({ input });
  for await (const line of lines) {
    if (!(await conversation.take(line))) break;
  }
  return conversation.exitCode;
}

async function onTerminal(agent: Agent, { input, output, errorOutput }: ReplStreams): Promise<number> {
  const conversation = new Conversation(agent, { output, errorOutput, timings: true }, 'A: ');
  using lines = createInterface({ input, output: errorOutput, terminal: errorOutput.isTTY === true, prompt: 'Q: ' });
  const prompt = (): void => {
    errorOutput.write('\n');
    lines.prompt();
  };
  const interrupted = onInterrupt(lines, {
    answering: () => conversation.stop(),
    firstPress: () => {
      errorOutput.write('\n(press Ctrl-C again to leave)\n');
      lines.prompt();
    },
  });
  errorOutput.write('Multi-turn chat (empty line to quit).\n');
  prompt();
  for await (const line of lines) {
    if (!(await conversation.take(line))) return conversation.exitCode;
    prompt();
  }
  // The input ended, or Ctrl-C did it: the prompt's line is still open.
  errorOutput.write('\n');
  return interrupted() ? 130 : conversation.exitCode;
}

/** What Ctrl-C means: stop the answer, else clear the line, else leave at the second press. Says whether it came to that. */
function onInterrupt(
  lines: Interface,
  { answering, firstPress }: { answering: () => boolean; firstPress: () => void },
): () => boolean {
  let pressedAt = Number.NEGATIVE_INFINITY;
  let left = false;
  lines.on('SIGINT', () => {
    if (answering()) return;
    if (lines.line !== '') return clearLine(lines);
    left = performance.now() - pressedAt < TWICE_MS;
    pressedAt = performance.now();
    if (left) lines.close();
    else firstPress();
  });
  return () => left;
}

function clearLine(lines: Interface): void {
  lines.write(null, { ctrl: true, name: 'e' });
  lines.write(null, { ctrl: true, name: 'u' });
}
