// The texts alone.
import type { Agent } from '@turnstream/core';

/** The part of the page that shows one answer. */
export interface Bubble {
  hideDots(): void;
  append(text: string): void;
}

export async function show(agent: Agent, question: string, bubble: Bubble): Promise<void> {
  let shown = 0;
  for await (const text of agent.runStreaming(question).textStream) {
    if (shown === 0) bubble.hideDots();
    bubble.append(text);
    shown += 1;
  }
  if (shown === 0) bubble.hideDots();
}
