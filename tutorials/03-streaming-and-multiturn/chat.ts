// Streaming and a session together: words as they arrive, and a second turn that knows the first.
import type { Agent, AgentSession, RunOptions } from '@turnstream/core';
import { AnswerPrinter } from './terminal/print-answer.ts';
import { type Screen, terminal } from './terminal/screen.ts';

export const INSTRUCTIONS = 'You are a concise assistant. Keep answers to one short paragraph.';

/** Prints one answer as it arrives. Resolves with the texts of its updates. */
export async function streamAnswer(
  agent: Agent,
  question: string,
  session: AgentSession,
  { screen = terminal, ...options }: RunOptions & { screen?: Screen } = {},
): Promise<string[]> {
  const chunks: string[] = [];
  using printer = new AnswerPrinter(screen);
  for await (const update of agent.runStreaming(question, { ...options, session })) {
    if (update.text !== '') chunks.push(update.text);
    printer.print(update);
  }
  printer.end();
  return chunks;
}

/** Asks one question after the other on one session. Resolves with the texts of each answer. */
export async function chat(agent: Agent, questions: readonly string[], screen: Screen = terminal): Promise<string[][]> {
  const session = agent.createSession(); // one session, many turns
  const answers: string[][] = [];
  for (const question of questions) {
    screen.output.write(`\nQ: ${question}\nA: `);
    answers.push(await streamAnswer(agent, question, session, { screen }));
  }
  return answers;
}
