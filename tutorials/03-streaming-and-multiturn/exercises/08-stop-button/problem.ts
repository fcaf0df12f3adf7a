// Build: a chat with a Stop button.
import type { Agent } from '@turnstream/core';

export interface Chat {
  /** Resolves when the answer has been written, or was stopped. */
  ask(question: string, write: (text: string) => void): Promise<void>;
  stop(): void;
}

export function openChat(agent: Agent): Chat {
  return {
    async ask(question, write) {
      const answer = await agent.run(question); // TODO: word by word, and with the questions before it
      write(answer.text);
    },
    stop() {
      // TODO
    },
  };
}
