// An update without text has nothing to show: it carries a role, usage or a finish reason.
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
    if (update.text === '') continue;
    hideDots();
    bubble.append(update.text);
  }
  hideDots();
}
