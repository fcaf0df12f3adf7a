// The same with a signal, whose reason the loop then throws.
import type { Agent } from '@turnstream/core';

export interface Chat {
  /** Resolves when the answer has been written, or was stopped. */
  ask(question: string, write: (text: string) => void): Promise<void>;
  stop(): void;
}

export function openChat(agent: Agent): Chat {
  const session = agent.createSession();
  let button = new AbortController();
  return {
    async ask(question, write) {
      button = new AbortController();
      const { signal } = button;
      try {
        for await (const { text } of agent.runStreaming(question, { session, signal })) write(text);
      } catch (error) {
        if (!signal.aborted) throw error;
      }
    },
    stop: () => button.abort(),
  };
}
