// One session for the chat, and the current stream: cancelling it closes the model's connection.
import type { Agent, ResponseStream } from '@turnstream/core';

export interface Chat {
  /** Resolves when the answer has been written, or was stopped. */
  ask(question: string, write: (text: string) => void): Promise<void>;
  stop(): void;
}

export function openChat(agent: Agent): Chat {
  const session = agent.createSession();
  let stream: ResponseStream | null = null;
  return {
    async ask(question, write) {
      stream = agent.runStreaming(question, { session });
      for await (const text of stream.textStream) write(text);
    },
    stop() {
      void stream?.cancel();
    },
  };
}
