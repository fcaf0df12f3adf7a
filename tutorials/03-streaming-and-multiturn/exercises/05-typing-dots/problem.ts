// Fix: the dots vanish before there is anything to read.
import type { Agent } from '@turnstream/core';

/** The part of the page that shows one answer. */
export interface Bubble {
  hideDots(): void;
  append(text: string): void;
}

export async function show(agent: Agent, question: string, bubble: Bubble): Promise<void> {
  let hasDots = true;
  const hideDots = (): void => {
    if (hasDots) bubble.hideDots();
    hasDots = false;
  };
  for await (const update of agent.runStreaming(question)) {
    hideDots();
    bubble.append(update.text);
  }
  hideDots();
}
